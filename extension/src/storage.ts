import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { Product } from "@ask-openhands/core/connection/page-place/page.ts";
import type { PageRun, Theme } from "./messages.ts";

/** What the background keeps in `storage.local`. Nothing in here is a secret: those are sealed, see worker/vault.ts. */
export interface Kept {
  readonly preferences: {
    readonly theme: Theme;
    readonly notify: boolean;
    readonly prefers: "bot" | "direct";
  };
  readonly bot:
    | {
        readonly baseUrl: string;
        readonly person: string;
        readonly workspace: string;
        readonly workspaces: readonly { readonly id: string; readonly name: string }[];
        readonly device?: string | undefined;
      }
    | undefined;
  readonly agent:
    | {
        readonly kind: "cloud" | "server";
        readonly baseUrl: string;
        readonly model?: string | undefined;
        readonly modelBaseUrl?: string | undefined;
      }
    | undefined;
  readonly tokens: readonly KeptToken[];
  readonly sites: readonly KeptSite[];
  /** Runs that this browser asked for, newest first. */
  readonly runs: readonly KeptRun[];
}

export interface KeptToken {
  readonly id: string;
  readonly kind: string;
  readonly host: string;
  readonly email?: string | undefined;
  readonly status: ConnectionStatus;
}

export interface KeptSite {
  readonly origin: string;
  readonly product: Product;
}

export interface KeptRun {
  readonly key: string;
  /** Canonical address of the page it was asked on. */
  readonly pageUrl: string;
  readonly through: "bot" | "direct";
  readonly run: PageRun;
  /** State of the run for the direct way; opaque outside worker/direct.ts. */
  readonly memo?: string | undefined;
  /** What OpenHands is told at the start, for a start that is repeated; opaque too, and kept of the newest few only. */
  readonly order?: string | undefined;
  /** Looks in a row that brought no answer. */
  readonly misses?: number | undefined;
  readonly told?: boolean | undefined;
}

const fallbacks: Kept = {
  preferences: { theme: "page", notify: true, prefers: "bot" },
  bot: undefined,
  agent: undefined,
  tokens: [],
  sites: [],
  runs: [],
};

export const mostKeptRuns = 50;

export const read = async <Name extends keyof Kept>(name: Name): Promise<Kept[Name]> => {
  const found = await chrome.storage.local.get(name);
  return (found[name] as Kept[Name] | undefined) ?? fallbacks[name];
};

const write = async <Name extends keyof Kept>(name: Name, value: Kept[Name]): Promise<void> => {
  if (value === undefined) await chrome.storage.local.remove(name);
  else await chrome.storage.local.set({ [name]: value });
};

let line: Promise<unknown> = Promise.resolve();

/** One change of what is kept after the other. */
export const inLine = (work: () => Promise<void>): Promise<void> => {
  const mine = line.then(work);
  line = mine.then(
    () => undefined,
    () => undefined,
  );
  return mine;
};

/** Reads, changes and writes one value with no other change in between. */
export const change = <Name extends keyof Kept>(
  name: Name,
  by: (value: Kept[Name]) => Kept[Name],
): Promise<void> => inLine(async () => write(name, by(await read(name))));
