import type { Directory } from "./directory.ts";
import type { OneTimeRecord } from "./records.ts";
import { hashToken, newToken } from "./tokens.ts";

/** Things that can be used once and not for long. Only hashes of their tokens are kept. */
export interface OneTime {
  make(
    purpose: OneTimeRecord["purpose"],
    data: Readonly<Record<string, string>>,
    lifetime: number,
  ): Promise<string>;
  /** As `make`, with a token of the caller's own making. */
  keep(
    purpose: OneTimeRecord["purpose"],
    token: string,
    data: Readonly<Record<string, string>>,
    lifetime: number,
  ): Promise<void>;
  /** As `make`, with data that is sealed to the token itself. */
  makeSealed(
    purpose: OneTimeRecord["purpose"],
    seal: (token: string) => string,
    lifetime: number,
  ): Promise<string>;
  /** Looks without using it up. */
  find(purpose: OneTimeRecord["purpose"], token: string): OneTimeRecord | undefined;
  /** Uses it up; of many callers one gets it. */
  take(purpose: OneTimeRecord["purpose"], token: string): Promise<OneTimeRecord | undefined>;
  /** Notes that something signed was used; false when it was before. */
  use(nonce: string, until: number): Promise<boolean>;
  removeAll(purpose: OneTimeRecord["purpose"]): Promise<void>;
}

export const createOneTime = (directory: Directory, now: () => number): OneTime => {
  const find: OneTime["find"] = (purpose, token) => {
    const value = directory.get("oneTime", hashToken(token))?.value;
    return value?.purpose === purpose && Date.parse(value.expiresAt) > now() ? value : undefined;
  };
  const store = async (
    token: string,
    purpose: OneTimeRecord["purpose"],
    data: OneTimeRecord["data"],
    lifetime: number,
  ): Promise<string> => {
    const expiresAt = new Date(now() + lifetime).toISOString();
    await directory.write([{ put: "oneTime", id: hashToken(token), value: { purpose, expiresAt, data } }]);
    return token;
  };
  return {
    make: (purpose, data, lifetime) => store(newToken(), purpose, data, lifetime),
    keep: async (purpose, token, data, lifetime) => {
      await store(token, purpose, data, lifetime);
    },
    makeSealed: (purpose, seal, lifetime) => {
      const token = newToken();
      return store(token, purpose, { sealed: seal(token) }, lifetime);
    },
    find,
    take: async (purpose, token) => {
      const found = find(purpose, token);
      const id = hashToken(token);
      const version = directory.get("oneTime", id)?.version;
      if (found === undefined || version === undefined) return undefined;
      return (await directory.write([{ remove: "oneTime", id, ifVersion: version }])) === "stored"
        ? found
        : undefined;
    },
    use: async (nonce, until) => {
      const value: OneTimeRecord = {
        purpose: "used-link",
        expiresAt: new Date(until).toISOString(),
        data: {},
      };
      return (
        (await directory.write([{ put: "oneTime", id: hashToken(nonce), value, ifVersion: 0 }])) === "stored"
      );
    },
    removeAll: async (purpose) => {
      await directory.write(
        directory
          .list("oneTime")
          .flatMap(({ id, value }) =>
            value.purpose === purpose ? [{ remove: "oneTime", id } as const] : [],
          ),
      );
    },
  };
};
