import type { PlaceStatusView, RunView } from "@ask-openhands/core/api/types.ts";
import type { Product } from "@ask-openhands/core/connection/page-place/page.ts";
import type * as z from "zod";
import type { operations } from "./worker/operations.ts";

/** Types of what pages and background say to each other. Nothing of zod is left here: content scripts import this. */
export type Operation = keyof typeof operations;
export type OperationInput<Name extends Operation> = z.input<(typeof operations)[Name]["input"]>;
export type AskInput = OperationInput<"ask">;
export type Context = NonNullable<AskInput["context"]>[number];

export type Mode = "bot" | "direct" | "none";
export type Theme = "page" | "light" | "dark";

/** A run as pages show it. A run that went straight to OpenHands has no report and no queue. */
export type PageRun = RunView;

export interface PageState {
  readonly mode: Mode;
  /** Host an ask goes to. */
  readonly destination?: string | undefined;
  readonly theme: Theme;
  /** Runs at this page that this browser knows of, newest first. */
  readonly runs: readonly PageRun[];
}

export interface Preview {
  /** One sentence: where it goes and where the answer appears. */
  readonly goes: string;
  /** The exact text or request body. */
  readonly text: string;
}

export interface Asked {
  readonly key: string;
  readonly run?: PageRun | undefined;
  /** A sentence when there is no run (yet). */
  readonly says?: string | undefined;
}

export interface PlaceStatus extends Omit<PlaceStatusView, "place"> {
  readonly mode: Mode;
  readonly destination?: string | undefined;
  readonly place?:
    | {
        readonly label: string;
        readonly url: string;
        readonly title?: string | undefined;
        readonly platformName: string;
      }
    | undefined;
}

export interface TokenView {
  readonly id: string;
  readonly platform: string;
  readonly platformName: string;
  readonly host: string;
  readonly account?: string | undefined;
  readonly ok: boolean;
  readonly scopes: readonly {
    readonly name: string;
    readonly state: "present" | "missing" | "unknown";
    readonly for: string;
  }[];
  readonly problem?: string | undefined;
  readonly expiresAt?: string | undefined;
}

export interface SiteView {
  /** Match pattern of the origin: `https://git.example.com/*`. */
  readonly origin: string;
  readonly product: Product;
  readonly granted: boolean;
}

export interface Overview {
  readonly mode: Mode;
  readonly bot?:
    | {
        readonly baseUrl: string;
        readonly person: string;
        readonly workspace: string;
        readonly workspaces: readonly { readonly id: string; readonly name: string }[];
      }
    | undefined;
  readonly agent?:
    | { readonly kind: "cloud" | "server"; readonly baseUrl: string; readonly model?: string | undefined }
    | undefined;
  readonly prefers: "bot" | "direct";
  readonly tokens: readonly TokenView[];
  readonly sites: readonly SiteView[];
  readonly theme: Theme;
  readonly notify: boolean;
  readonly runs: readonly PageRun[];
  readonly pairing?: Pairing | undefined;
}

export interface Pairing {
  readonly baseUrl: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly state: "waiting" | "refused" | "expired" | "paired";
  /** Seconds until the next question makes sense. */
  readonly interval: number;
}

/** One connection of the paired bot's workspace, for the options. */
export interface BotConnection {
  readonly id: string;
  readonly name: string;
  readonly platformName: string;
  readonly host: string;
  readonly account?: string | undefined;
  readonly state: "connected" | "problem" | "off" | "unknown";
  readonly problem?: string | undefined;
  readonly cure?: string | undefined;
  /** Its section of the bot's settings page. */
  readonly url: string;
}

/** What every operation answers. */
export interface Replies {
  readonly "describe-page": PageState;
  readonly "preview-ask": Preview;
  readonly ask: Asked;
  readonly "follow-ask": Asked;
  readonly "open-panel": null;
  readonly "open-setup": null;
  readonly "place-status": PlaceStatus;
  readonly "stop-run": Asked;
  readonly "retry-run": Asked;
  readonly "say-to-run": Asked;
  readonly "install-hook": PlaceStatus;
  readonly overview: Overview;
  readonly "start-pairing": Pairing;
  readonly "check-pairing": Pairing;
  readonly "cancel-pairing": Overview;
  readonly unpair: Overview;
  readonly "choose-workspace": Overview;
  readonly "save-agent": Overview;
  readonly "remove-agent": Overview;
  readonly "save-token": Overview;
  readonly "check-token": Overview;
  readonly "remove-token": Overview;
  readonly "save-preferences": Overview;
  readonly "add-site": Overview;
  readonly "remove-site": Overview;
  readonly "current-page": {
    readonly url: string;
    readonly label?: string | undefined;
    readonly kind?: string | undefined;
    /** What people there call a pull request. */
    readonly change?: string | undefined;
  } | null;
  readonly "bot-connections": readonly BotConnection[];
  readonly "export-settings": { readonly text: string };
  readonly "import-settings": Overview;
}

export type Answer<Name extends Operation> =
  | { readonly ok: true; readonly value: Replies[Name] }
  | { readonly ok: false; readonly detail: string; readonly cure?: string | undefined };
