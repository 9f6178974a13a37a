import * as z from "zod";

/** A token of one installation, good for an hour. */
export interface InstallationToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface InstallationTokens {
  /** Does `work` with a token that is good for minutes; once more with a new one when GitHub no longer knows it. */
  with<T>(installation: number, work: (token: string) => Promise<T>): Promise<T>;
}

interface Held extends InstallationToken {
  readonly mintedAt: number;
}

/** A token is not used in its last minutes: a request must not outlive it. */
const reserve = 5 * 60_000;
/** GitHub's servers may need some seconds to learn of a new token: https://github.com/octokit/auth-app.js handles it in the same way. */
const unknownFor = 5_000;
const pauses = [1_000, 2_000];

const isRefused = (error: unknown): boolean =>
  z.looseObject({ status: z.literal(401) }).safeParse(error).success;

/**
 * Tokens of the installations of one App on one server. Octokit's own App sign-in (auth-app 8.3) keeps requests for tokens that are under way in one map for the
 * whole process, by the installation's number alone: two servers, or two Apps, that ask at the same moment would get each other's token.
 */
export function createInstallationTokens(
  mint: (installation: number) => Promise<InstallationToken>,
  now: () => number,
  sleep: (milliseconds: number) => Promise<void> = (milliseconds) =>
    new Promise((done) => setTimeout(done, milliseconds)),
): InstallationTokens {
  const held = new Map<number, Promise<Held>>();

  const fresh = (installation: number): Promise<Held> => {
    const minting = mint(installation).then((token) => ({ ...token, mintedAt: now() }));
    held.set(installation, minting);
    minting.catch(() => held.delete(installation));
    return minting;
  };

  const current = async (installation: number): Promise<Held> => {
    const known = held.get(installation);
    const token = await (known ?? fresh(installation));
    if (token.expiresAt - now() > reserve) return token;
    // Whoever comes first renews; the others find the new one.
    return held.get(installation) === known ? fresh(installation) : current(installation);
  };

  return {
    async with(installation, work) {
      const token = await current(installation);
      for (const pause of [...pauses, undefined]) {
        try {
          return await work(token.token);
        } catch (error) {
          if (!isRefused(error)) throw error;
          // A token from the future was made before the clock was set back, so its age is unknown.
          if (Math.abs(now() - token.mintedAt) > unknownFor) break;
          if (pause === undefined) throw error;
          await sleep(pause);
        }
      }
      held.delete(installation);
      return work((await current(installation)).token);
    },
  };
}
