import type { Settings } from "../settings.ts";

/** Every value that must not get out, for the redactor. */
export interface SecretList {
  values(): readonly string[];
  /** A value that stands in no directory: a token made for one run. Forgotten after a day. */
  hide(secret: string): void;
}

/** Below this a value is a word that texts may well have (`true`, a host, a user name). */
const shortest = 8;
const freshFor = 1_000;
const hiddenFor = 24 * 3_600_000;

/** `stored` opens sealed values, so it is asked at most once a second. */
export const createSecretList = (stored: () => readonly string[], now: () => number): SecretList => {
  const hidden = new Map<string, number>();
  let list: readonly string[] = [];
  let madeAt = Number.NEGATIVE_INFINITY;

  const refresh = (at: number): void => {
    for (const [secret, since] of hidden) if (at - since > hiddenFor) hidden.delete(secret);
    list = [...new Set([...stored(), ...hidden.keys()])].filter((value) => value.length >= shortest);
    madeAt = at;
  };

  return {
    values: () => {
      const at = now();
      if (Math.abs(at - madeAt) > freshFor) refresh(at);
      return list;
    },
    hide: (secret) => {
      if (secret.length < shortest) return;
      if (!hidden.has(secret)) madeAt = Number.NEGATIVE_INFINITY;
      hidden.set(secret, now());
    },
  };
};

type OwnSecrets = Pick<Settings, "databaseUrl" | "metricsToken" | "secretKey">;

/** What the bot itself was given, besides connections. The password of the database counts by itself, as it is typed and as it is sent. */
export const ownSecrets = ({ databaseUrl, metricsToken, secretKey }: OwnSecrets): readonly string[] => {
  const password = databaseUrl === undefined ? "" : (URL.parse(databaseUrl)?.password ?? "");
  return [databaseUrl, password, decodeURIComponent(password), metricsToken, secretKey].filter(
    (value): value is string => value !== undefined && value !== "",
  );
};
