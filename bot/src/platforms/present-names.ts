import { Failure } from "@ask-openhands/core/failure.ts";

/** A repository by what stays, the server's number or UUID of it, and by its full name, which does not. */
export interface NamedRepository {
  readonly id: string;
  readonly name: string;
}

export interface Sought {
  /** Connection id: what one connection hears is believed for that one alone. */
  readonly connection: string;
  /** Absent where nobody told it; then `told` is all there is. */
  readonly id?: string | undefined;
  /** Its name when it was heard of. */
  readonly told: string;
  /** What the server has under a name now, or where it went from there; `undefined`: nothing that we see. */
  look(name: string): Promise<NamedRepository | undefined>;
}

/** Names of repositories as they are now: runs outlive them, and somebody else may take a name that was given up. */
export interface PresentNames {
  /** A delivery or an answer just told it. */
  learn(connection: string, repository: NamedRepository): void;
  /** Asks the server when nothing told the name lately. Throws `not-found` when another repository has the name and ours is out of sight. */
  of(sought: Sought): Promise<string>;
  /** Does `work` under the name; once more when the server refuses it there and has the repository under another. */
  under<T>(sought: Sought, work: (name: string) => Promise<T>): Promise<T>;
}

/** Milliseconds that a name is taken to be right without asking. */
const freshFor = 60_000;
const mostKnown = 5_000;

/** What servers say under an old name: nothing there, nothing for us there, or that it is elsewhere. */
const mayHaveMoved = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.kind === "not-found" ||
    error.kind === "not-allowed" ||
    (error.status !== undefined && error.status >= 300 && error.status < 400));

export const createPresentNames = (now: () => number): PresentNames => {
  const known = new Map<string, { readonly name: string; readonly at: number }>();
  const asking = new Map<string, Promise<string>>();
  const keyOf = (connection: string, id: string): string => `${connection} ${id}`;

  const learn = (connection: string, { id, name }: NamedRepository): void => {
    if (known.size >= mostKnown) known.clear();
    known.set(keyOf(connection, id), { name, at: now() });
  };

  const ask = async ({ connection, id, told, look }: Sought, key: string): Promise<string> => {
    const name = known.get(key)?.name ?? told;
    const found = await look(name);
    // Out of sight: the call itself fails with what the server says.
    if (found === undefined) return name;
    if (found.id !== id)
      throw new Failure(
        "not-found",
        `${name} is another repository by now, and our credentials do not see where the one of this request went.`,
      );
    learn(connection, found);
    return found.name;
  };

  /** Asks, once for all who want to know at the same moment. */
  const present = (sought: Sought, key: string): Promise<string> => {
    const going = asking.get(key) ?? ask(sought, key).finally(() => asking.delete(key));
    asking.set(key, going);
    return going;
  };

  const of = async (sought: Sought): Promise<string> => {
    if (sought.id === undefined) return sought.told;
    const key = keyOf(sought.connection, sought.id);
    const last = known.get(key);
    return last !== undefined && Math.abs(now() - last.at) < freshFor ? last.name : present(sought, key);
  };

  return {
    learn,
    of,
    async under(sought, work) {
      const name = await of(sought);
      try {
        return await work(name);
      } catch (error) {
        if (sought.id === undefined || !mayHaveMoved(error)) throw error;
        const other = await present(sought, keyOf(sought.connection, sought.id)).catch((trouble: unknown) => {
          if (trouble instanceof Failure) return name;
          throw trouble;
        });
        if (other === name) throw error;
        return work(other);
      }
    },
  };
};
