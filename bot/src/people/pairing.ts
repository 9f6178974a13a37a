import { randomInt } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Directory } from "./directory.ts";
import type { DeviceRecord, PairingRecord } from "./records.ts";
import { hashToken, newId, newToken } from "./tokens.ts";

/** What a device gets when it asks whether it was approved (RFC 8628 section 3.5). */
export type PairingAnswer =
  | { readonly token: string; readonly deviceId: string }
  | {
      readonly error:
        | "authorization_pending"
        | "slow_down"
        | "access_denied"
        | "expired_token"
        | "invalid_grant";
    };

export interface Pairing {
  begin(
    device: Pick<PairingRecord, "clientId" | "name" | "origin" | "from">,
  ): Promise<{ readonly deviceCode: string; readonly userCode: string }>;
  /** By the code that the device shows; without dash and case. */
  find(userCode: string): PairingRecord | undefined;
  /** False when there is no such code any more. */
  decide(userCode: string, personId: string, approved: boolean): Promise<boolean>;
  collect(deviceCode: string, clientId: string): Promise<PairingAnswer>;
}

/** Seconds. */
export const pairingLifetime = 600;
export const pairingInterval = 5;

/** No vowels, so that no words appear, and nothing that looks alike (RFC 8628 section 6.1). */
const letters = "BCDFGHJKLMNPQRSTVWXZ";
const mostWaiting = 1_000;

const newUserCode = (): string =>
  Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");

const plain = (userCode: string): string => userCode.replaceAll("-", "").toUpperCase();

export const shownCode = (userCode: string): string => `${userCode.slice(0, 4)}-${userCode.slice(4)}`;

export const createPairing = (directory: Directory, now: () => number): Pairing => {
  const lastAsked = new Map<string, number>();
  const isLive = (value: PairingRecord): boolean => Date.parse(value.expiresAt) > now();
  const findStored = (userCode: string) =>
    directory
      .list("pairings")
      .find(
        ({ value }) => value.userCode === plain(userCode) && isLive(value) && value.decision === undefined,
      );

  return {
    begin: async (device) => {
      if (directory.list("pairings").length >= mostWaiting)
        throw new Failure("rate-limited", "Too many devices wait for approval. Try again in ten minutes.", {
          retryAt: now() + pairingLifetime * 1_000,
        });
      const deviceCode = newToken();
      const userCode = newUserCode();
      const value: PairingRecord = {
        ...device,
        userCode,
        expiresAt: new Date(now() + pairingLifetime * 1_000).toISOString(),
      };
      await directory.write([{ put: "pairings", id: hashToken(deviceCode), value }]);
      return { deviceCode, userCode };
    },
    find: (userCode) => findStored(userCode)?.value,
    decide: async (userCode, personId, approved) => {
      const stored = findStored(userCode);
      if (stored === undefined) return false;
      const value: PairingRecord = { ...stored.value, decision: { approved, personId } };
      return (
        (await directory.write([{ put: "pairings", id: stored.id, value, ifVersion: stored.version }])) ===
        "stored"
      );
    },
    collect: async (deviceCode, clientId) => {
      const id = hashToken(deviceCode);
      const stored = directory.get("pairings", id);
      if (stored === undefined || stored.value.clientId !== clientId) return { error: "invalid_grant" };
      if (!isLive(stored.value)) return { error: "expired_token" };
      const before = lastAsked.get(id) ?? 0;
      lastAsked.set(id, now());
      const { decision } = stored.value;
      if (decision === undefined)
        return {
          error: now() - before < (pairingInterval - 1) * 1_000 ? "slow_down" : "authorization_pending",
        };
      lastAsked.delete(id);
      if (!decision.approved) {
        await directory.write([{ remove: "pairings", id }]);
        return { error: "access_denied" };
      }
      const token = `aoh_${newToken()}`;
      const deviceId = newId();
      const device: DeviceRecord = {
        personId: decision.personId,
        name: stored.value.name,
        clientId,
        origin: stored.value.origin,
        tokenHash: hashToken(token),
        createdAt: new Date(now()).toISOString(),
      };
      const made = await directory.write([
        { remove: "pairings", id, ifVersion: stored.version },
        { put: "devices", id: deviceId, value: device, ifVersion: 0 },
      ]);
      return made === "stored" ? { token, deviceId } : { error: "invalid_grant" };
    },
  };
};
