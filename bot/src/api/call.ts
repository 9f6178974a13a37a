import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Contract } from "@ask-openhands/core/api/contract.ts";
import type { RouteName } from "@ask-openhands/core/api/routes.ts";
import type { Params } from "@ask-openhands/core/api/types.ts";
import type { CredentialKind } from "@ask-openhands/core/connection/catalog.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type * as z from "zod";
import type { Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import type { People } from "../people/open-people.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Store } from "../store/store.ts";

/** What the API is made from. */
export interface ApiDeps {
  readonly people: People;
  readonly store: Store;
  readonly intake: Intake;
  readonly platforms: ReadonlyMap<PlatformId, Platform>;
  /** OpenHands back ends by connection id; a check asks them. */
  readonly agents: { get(connectionId: string): Pick<Agent, "check"> };
  readonly catalog: readonly CredentialKind[];
  /** Guarded. */
  readonly fetch: typeof fetch;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  /** Takes known secrets out of texts of runs. */
  redact(text: string): string;
  readonly version: string;
  readonly log: Log;
  now(): number;
  /** Addresses of a name; the system's own resolver when absent. */
  readonly resolve?: ((name: string) => Promise<readonly string[]>) | undefined;
  /** Milliseconds between two looks at the store while somebody watches. Default: one second. */
  readonly watchEvery?: number | undefined;
}

/** Who calls. */
export interface Actor {
  readonly personId: string;
  /** Browser session. */
  readonly session?: string | undefined;
  readonly device?: string | undefined;
  readonly token?: { readonly id: string; readonly access: "read" | "write" } | undefined;
}

/** How cookies are set. */
export interface CookieJar {
  get(name: string): string | undefined;
  /** `seconds`: how long; 0 removes it; absent: until the browser closes. */
  set(name: string, value: string, seconds?: number): void;
}

type Parsed<Name extends RouteName, Part extends "body" | "query"> = Contract[Name] extends {
  readonly [P in Part]: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;

/** One request, judged and parsed. */
export interface Call<Name extends RouteName> {
  readonly name: Name;
  readonly params: Readonly<Record<Params<Name>, string>>;
  readonly query: Parsed<Name, "query">;
  readonly body: Parsed<Name, "body">;
  readonly actor: Actor | undefined;
  readonly cookies: CookieJar;
  /** Address of the caller, behind trusted proxies only. */
  readonly address: string;
  readonly origin: string | undefined;
  readonly signal: AbortSignal;
}

type Answer<Name extends RouteName> = z.input<Contract[Name]["reply"]>;

export type Handler<Name extends RouteName> = (
  call: Call<Name>,
) => Promise<Answer<Name> | Response> | Answer<Name> | Response;

/** Handlers of some routes. */
export type Handlers<Names extends RouteName = RouteName> = { readonly [Name in Names]: Handler<Name> };

/** Who calls a route that only signed-in people reach. */
export const actorOf = (call: { readonly actor: Actor | undefined }): Actor => {
  if (call.actor === undefined) throw new Error("a route without a signed-in person asked for one");
  return call.actor;
};

/** The person of a route that only signed-in people reach. */
export const personOf = (call: { readonly actor: Actor | undefined }): string => actorOf(call).personId;
