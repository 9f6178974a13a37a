import type { PersonalTokenView } from "@ask-openhands/core/api/types.ts";
import type { Stored } from "../../people/directory.ts";
import { changesToForgetPerson } from "../../people/forget.ts";
import { keepAnOwner, membershipsOf } from "../../people/members.ts";
import { pairingInterval, pairingLifetime, shownCode } from "../../people/pairing.ts";
import type { TokenRecord } from "../../people/records.ts";
import { hashToken, newId, newToken } from "../../people/tokens.ts";
import { sessionCookie } from "../authenticate.ts";
import { type ApiDeps, type Handlers, personOf } from "../call.ts";
import type { Limits } from "../limits.ts";
import { problem } from "../problem.ts";
import { toMe } from "../views/person-view.ts";

type Names =
  | "getMe"
  | "renameMe"
  | "deleteMe"
  | "listTokens"
  | "createToken"
  | "deleteToken"
  | "listDevices"
  | "deleteDevice"
  | "authorizeDevice"
  | "getDeviceToken"
  | "getPairing"
  | "decidePairing";

const day = 86_400_000;
const extensionOrigin = /^(chrome-extension|moz-extension|safari-web-extension):\/\//;

/** An error as RFC 8628 section 3.5 and RFC 6749 section 5.2 want it. */
const deviceError = (error: string, description: string): Response =>
  Response.json(
    { error, error_description: description },
    { status: 400, headers: { "cache-control": "no-store" } },
  );

const sentences = {
  authorization_pending: "Nobody has approved this device yet.",
  slow_down: "Ask again in five seconds.",
  access_denied: "The device was refused.",
  expired_token: "The code is too old. Begin again.",
  invalid_grant: "The code is not known. Begin again.",
} as const;

export const createMeHandlers = (deps: ApiDeps, limits: Limits): Handlers<Names> => {
  const { people } = deps;
  const { directory, audit, pairing } = people;

  const toToken = ({ id, value }: Stored<TokenRecord>): PersonalTokenView => ({
    id,
    name: value.name,
    access: value.access,
    createdAt: value.createdAt,
    ...(value.expiresAt === undefined ? {} : { expiresAt: value.expiresAt }),
    ...(value.lastUsedAt === undefined ? {} : { lastUsedAt: value.lastUsedAt }),
    ending: value.ending,
  });

  return {
    getMe: (call) => toMe(deps, personOf(call)),
    renameMe: async (call) => {
      const stored = directory.get("people", personOf(call));
      if (stored !== undefined)
        await directory.write([
          { put: "people", id: stored.id, value: { ...stored.value, name: call.body.name } },
        ]);
      return toMe(deps, personOf(call));
    },
    deleteMe: async (call) => {
      const personId = personOf(call);
      const kept = membershipsOf(directory, personId)
        .filter(({ role }) => role === "owner")
        .map(({ workspaceId }) => keepAnOwner(directory, workspaceId, personId));
      const others = kept.filter((one) => one !== undefined);
      if (
        others.length < kept.length ||
        (await directory.write([...changesToForgetPerson(directory, personId), ...others])) === "conflict"
      )
        throw problem(
          409,
          "You are the only owner of a workspace. Make somebody else an owner, or delete the workspace first.",
        );
      call.cookies.set(sessionCookie(deps.publicUrl), "", 0);
      await audit.append({ action: "person.deleted", person: personId });
      return undefined;
    },
    listTokens: (call) => ({
      items: directory
        .list("tokens")
        .filter(({ value }) => value.personId === personOf(call))
        .map(toToken),
    }),
    createToken: async (call) => {
      const value = `aot_${newToken()}`;
      const id = newId();
      const record: TokenRecord = {
        personId: personOf(call),
        name: call.body.name,
        access: call.body.access,
        tokenHash: hashToken(value),
        ending: value.slice(-4),
        createdAt: new Date(deps.now()).toISOString(),
        expiresAt:
          call.body.days === undefined
            ? undefined
            : new Date(deps.now() + call.body.days * day).toISOString(),
      };
      await directory.write([{ put: "tokens", id, value: record }]);
      await audit.append({
        action: "token.created",
        person: personOf(call),
        target: call.body.name,
        detail: call.body.access,
      });
      return { token: toToken({ id, version: 1, value: record }), value };
    },
    deleteToken: async (call) => {
      const stored = directory.get("tokens", call.params.token);
      if (stored?.value.personId !== personOf(call))
        throw problem(404, "There is no such token, or it is not yours.");
      await directory.write([{ remove: "tokens", id: stored.id }]);
      await audit.append({ action: "token.revoked", person: personOf(call), target: stored.value.name });
      return undefined;
    },
    listDevices: (call) => ({
      items: directory
        .list("devices")
        .filter(({ value }) => value.personId === personOf(call))
        .map(({ id, value }) => ({
          id,
          name: value.name,
          clientId: value.clientId,
          createdAt: value.createdAt,
          ...(value.lastUsedAt === undefined ? {} : { lastUsedAt: value.lastUsedAt }),
          current: call.actor?.device === id,
        })),
    }),
    deleteDevice: async (call) => {
      const stored = directory.get("devices", call.params.device);
      if (stored?.value.personId !== personOf(call))
        throw problem(404, "There is no such device, or it is not yours.");
      await directory.write([{ remove: "devices", id: stored.id }]);
      await audit.append({ action: "device.removed", person: personOf(call), target: stored.value.name });
      return undefined;
    },
    authorizeDevice: async (call) => {
      await limits.guess(call.address);
      const { client_id, device_name } = call.body;
      const origin = call.origin !== undefined && extensionOrigin.test(call.origin) ? call.origin : undefined;
      const { deviceCode, userCode } = await pairing.begin({
        clientId: client_id,
        name: device_name ?? "Browser extension",
        origin,
        from: call.address,
      });
      const shown = shownCode(userCode);
      return {
        device_code: deviceCode,
        user_code: shown,
        verification_uri: `${deps.publicUrl}/pair`,
        verification_uri_complete: `${deps.publicUrl}/pair#${shown}`,
        expires_in: pairingLifetime,
        interval: pairingInterval,
      };
    },
    getDeviceToken: async (call) => {
      const answer = await pairing.collect(call.body.device_code, call.body.client_id);
      if ("error" in answer) return deviceError(answer.error, sentences[answer.error]);
      const device = directory.get("devices", answer.deviceId)?.value;
      await audit.append({ action: "device.paired", person: device?.personId, target: device?.name });
      return { access_token: answer.token, token_type: "Bearer", device_id: answer.deviceId };
    },
    getPairing: async (call) => {
      await limits.guess(call.address);
      const found = pairing.find(call.params.code);
      if (found === undefined)
        throw problem(404, "This code is not known or too old. Begin again in the extension.");
      return {
        name: found.name,
        clientId: found.clientId,
        expiresAt: found.expiresAt,
        ...(found.from === undefined ? {} : { from: found.from }),
      };
    },
    decidePairing: async (call) => {
      await limits.guess(call.address);
      if (!(await pairing.decide(call.params.code, personOf(call), call.body.approve)))
        throw problem(404, "This code is not known or too old. Begin again in the extension.");
      return undefined;
    },
  };
};
