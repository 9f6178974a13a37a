import { productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type { Operation, OperationInput, Replies } from "../messages.ts";
import { type From, messageSchema, operations } from "./operations.ts";
import { productAt } from "./sites.ts";
import { describeTrouble, Trouble } from "./trouble.ts";

export interface Sender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly origin?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tab?: { readonly id?: number | undefined; readonly url?: string | undefined } | undefined;
}

export type Acts = {
  readonly [Name in Operation]: (input: OperationInput<Name>, sender: Sender) => Promise<Replies[Name]>;
};

const refused = {
  ok: false,
  detail: "This was not asked by Ask OpenHands itself, so nothing was done.",
} as const;

const originOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;

/** Who spoke: one of our own pages, our script in the top frame of a tab, or somebody else. */
const whoSpoke = (
  sender: Sender,
  own: { readonly id: string; readonly origin: string },
): From | undefined => {
  if (sender.id !== own.id) return undefined;
  const base = originOf(own.origin);
  const isOwnPage =
    sender.url?.startsWith(own.origin) === true &&
    (sender.origin === undefined || originOf(sender.origin) === base || sender.origin === base);
  if (isOwnPage) return "own";
  return sender.tab?.id !== undefined && sender.frameId === 0 && /^https?:/.test(sender.url ?? "")
    ? "page"
    : undefined;
};

/** A script in a tab speaks for the site of that tab only, and only on sites that the extension runs on. */
const mayNameUrl = async (
  input: unknown,
  sender: Sender,
  runsOn: (url: string) => Promise<boolean>,
): Promise<boolean> => {
  const from = originOf(sender.url);
  if (from === undefined || sender.url === undefined || !(await runsOn(sender.url))) return false;
  const url = typeof input === "object" && input !== null && "url" in input ? String(input.url) : undefined;
  return url === undefined || originOf(url) === from;
};

export interface HearOptions {
  readonly acts: Acts;
  /** Id and base address of this extension. */
  readonly own: { readonly id: string; readonly origin: string };
  readonly runsOn: (url: string) => Promise<boolean>;
}

/** Answers one message. Everything is refused that is not on the list, of the right shape and from the right place. */
export const createHearing =
  ({ acts, own, runsOn }: HearOptions) =>
  async (message: unknown, sender: Sender): Promise<unknown> => {
    const from = whoSpoke(sender, own);
    const outer = messageSchema.safeParse(message);
    if (from === undefined || !outer.success || !Object.hasOwn(operations, outer.data.operation))
      return refused;
    const name = outer.data.operation as Operation;
    const rule = operations[name];
    if (!(rule.from as readonly From[]).includes(from)) return refused;
    const input = rule.input.safeParse(outer.data.input);
    if (!input.success)
      return {
        ok: false,
        detail: `The request was not understood: ${input.error.issues[0]?.message ?? "wrong shape"}.`,
      };
    if (from === "page" && !(await mayNameUrl(input.data, sender, runsOn))) return refused;
    try {
      const act = acts[name] as (input: unknown, sender: Sender) => Promise<unknown>;
      return { ok: true, value: await act(input.data, sender) };
    } catch (cause) {
      if (!(cause instanceof Trouble))
        console.error("Ask OpenHands:", name, cause instanceof Error ? cause.name : "unknown");
      return { ok: false, ...describeTrouble(cause) };
    }
  };

/** True for the sites of the manifest and for those the person added. */
export const runsOnSite = async (url: string): Promise<boolean> => {
  return productOfHost(new URL(url).hostname) !== undefined || (await productAt(url)).length > 0;
};
