import type { DeviceAuthorization } from "@ask-openhands/core/api/types.ts";
import type { Pairing } from "../messages.ts";
import { needAccess, readBaseUrl } from "./address.ts";
import { botTokenName, createBotClient, findPaired } from "./bot.ts";
import { describeBrowser } from "./browser-name.ts";
import { Trouble } from "./trouble.ts";
import { dropForNow, getForNow, keepWithSecrets, putForNow } from "./vault.ts";

/** Names this program to the bot (RFC 8628 section 3.1). */
const clientId = "ask-openhands-extension";
const grant = "urn:ietf:params:oauth:grant-type:device_code";
const slot = "pairing";

/** The device code is as good as a token, so it stays in memory and never leaves the worker. */
interface Open extends Pairing {
  readonly deviceCode: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The bot gives its token once; it waits here until everything that belongs to it is known. */
  readonly granted?: { readonly token: string; readonly device: string } | undefined;
}

const findOpen = async (): Promise<Open | undefined> => (await getForNow(slot)) as Open | undefined;

const show = ({ deviceCode: _code, expiresAt: _at, granted: _granted, ...pairing }: Open): Pairing => pairing;

/** True as long as the person has neither cancelled this pairing nor begun another. */
const isOpen = async ({ deviceCode }: Open): Promise<boolean> =>
  (await findOpen())?.deviceCode === deviceCode;

const keep = async (open: Open, change: Partial<Open>): Promise<Open> => {
  const next = { ...open, ...change };
  if (await isOpen(open)) await putForNow(slot, next);
  return next;
};

export const findPairing = async (): Promise<Pairing | undefined> => {
  const open = await findOpen();
  return open && show(open);
};

/** RFC 8628 section 3.2: asks for a code that the person approves on the bot's page. */
export const startPairing = async (typed: string): Promise<Pairing> => {
  const baseUrl = readBaseUrl(typed);
  await needAccess(baseUrl);
  const answer: DeviceAuthorization = await createBotClient(baseUrl).call("authorizeDevice", {
    body: { client_id: clientId, device_name: describeBrowser(navigator.userAgent) },
  });
  const page = new URL(answer.verification_uri_complete);
  if (page.protocol !== "https:" && page.protocol !== "http:")
    throw new Trouble("The bot named a page to approve on that is no web address.");
  const open: Open = {
    baseUrl,
    userCode: answer.user_code,
    verificationUri: page.href,
    state: "waiting",
    interval: Math.max(1, answer.interval),
    deviceCode: answer.device_code,
    expiresAt: Date.now() + answer.expires_in * 1000,
  };
  await putForNow(slot, open);
  return show(open);
};

const finish = async (open: Open, { token, device }: NonNullable<Open["granted"]>): Promise<Pairing> => {
  const client = createBotClient(open.baseUrl, token);
  const me = await client.call("getMe", {});
  const workspaces = me.workspaces.map(({ id, name }) => ({ id, name }));
  const [first] = workspaces;
  if (first === undefined)
    throw new Trouble(
      "You are a member of no workspace of this bot.",
      "Ask a maintainer for an invitation, then pair again.",
    );
  if (!(await isOpen(open))) throw new Trouble("This pairing was cancelled.");
  const bot = { baseUrl: open.baseUrl, person: me.name, workspace: first.id, workspaces, device };
  await keepWithSecrets({ bot }, { [botTokenName]: token });
  await dropForNow(slot);
  return { ...show(open), state: "paired" };
};

const ends: Readonly<Record<string, Pairing["state"]>> = {
  access_denied: "refused",
  expired_token: "expired",
  invalid_grant: "expired",
};

const check = async (): Promise<Pairing> => {
  const open = await findOpen();
  if (open === undefined) throw new Trouble("No pairing is going on.", "Start again.");
  if (open.state !== "waiting") return show(open);
  if (open.granted !== undefined) return finish(open, open.granted);
  if (Date.now() > open.expiresAt) return show(await keep(open, { state: "expired" }));
  const body = JSON.stringify({ grant_type: grant, device_code: open.deviceCode, client_id: clientId });
  const request = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body,
    redirect: "error",
    credentials: "omit",
  } as const;
  // The codes of RFC 8628 are no problem documents, so this one call is not made by the typed client. No answer now may be one later.
  const response = await fetch(`${open.baseUrl}/api/v1/device/token`, {
    ...request,
    signal: AbortSignal.timeout(20_000),
  }).catch(() => undefined);
  const answer: unknown = await response?.json().catch(() => undefined);
  if (typeof answer !== "object" || answer === null) return show(open);
  if ("access_token" in answer && typeof answer.access_token === "string") {
    const granted = {
      token: answer.access_token,
      device: "device_id" in answer ? String(answer.device_id) : "",
    };
    return finish(await keep(open, { granted }), granted);
  }
  const error = "error" in answer ? String(answer.error) : "";
  if (error === "slow_down") return show(await keep(open, { interval: open.interval + 5 }));
  const end = ends[error];
  return end === undefined ? show(open) : show(await keep(open, { state: end }));
};

let checking: Promise<Pairing> | undefined;

/**
 * RFC 8628 sections 3.4 and 3.5: asks once whether the person has approved. Popup and worker ask at the same time; of two questions
 * on the way the second would hear that the code is used up.
 */
export const checkPairing = (): Promise<Pairing> => {
  checking ??= check().finally(() => {
    checking = undefined;
  });
  return checking;
};

export const cancelPairing = (): Promise<void> => dropForNow(slot);

/** Forgets the bot here and, when it can be reached, there. */
export const unpair = async (): Promise<void> => {
  const paired = await findPaired();
  await keepWithSecrets({ bot: undefined }, { [botTokenName]: undefined });
  if (paired?.bot.device === undefined) return;
  await paired.client
    .call("deleteDevice", { params: { device: paired.bot.device } })
    // The bot may be gone for good; what this browser knew is forgotten already.
    .catch(() => undefined);
};

/** Keeps asking until the person has answered; the popup closes as soon as the bot's page opens. */
export const waitForPairing = async (): Promise<void> => {
  for (;;) {
    const open = await findOpen();
    if (open === undefined || open.state !== "waiting") return;
    await new Promise((resolve) => setTimeout(resolve, open.interval * 1000));
    const now = await checkPairing().catch(() => undefined);
    if (now !== undefined && now.state !== "waiting") return;
  }
};
