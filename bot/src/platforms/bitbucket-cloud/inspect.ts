import type { ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { CloudAccount } from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import * as z from "zod";
import { type Inspection, inspectBitbucket, type Scope } from "../bitbucket-inspect.ts";
import type { PlatformDeps } from "../deps.ts";
import {
  type CloudConnect,
  endOfAppPasswords,
  isAppPassword,
  namedRepositories,
  requireApiAddress,
} from "./connect.ts";

const cure =
  "Create a token with the rights account (read), repository (write), pull requests (write) and webhooks (read and write), and save it here.";

/** The names that one right has on API tokens and on access tokens. */
const rights = [
  { name: "account (read)", names: ["read:user:bitbucket", "account"], for: "knowing which account we are" },
  {
    name: "repository (write)",
    names: ["write:repository:bitbucket", "repository:write", "repository:admin"],
    for: "the agent pushes its branches",
  },
  {
    name: "pull requests (write)",
    names: ["write:pullrequest:bitbucket", "pullrequest:write"],
    for: "posting the report, opening pull requests",
  },
  {
    name: "webhooks (read and write)",
    names: ["write:webhook:bitbucket", "webhook"],
    for: "hearing without polling",
    optional: true,
  },
] as const;

const granted = (header: string): ReadonlySet<string> => new Set(header.split(/[\s,]+/).filter(Boolean));

/** Whether a call that needs one right is allowed. */
const probe = async (call: (() => Promise<unknown>) | undefined): Promise<ScopeState> => {
  if (call === undefined) return "unknown";
  try {
    await call();
    return "present";
  } catch (error) {
    if (error instanceof Failure && error.kind === "not-allowed") return "missing";
    if (error instanceof Failure && error.kind === "not-found") return "unknown";
    throw error;
  }
};

/** Bitbucket names the scopes of a token in a header of its answers; where it does not, calls that only read show what they can. */
export const inspectCloud = async (
  deps: PlatformDeps,
  connect: CloudConnect,
  connectionId: string,
): Promise<ConnectionStatus> => {
  const { connection, api, hooks } = connect.sites.byId(connectionId);
  const token = deps.connections.secret(connection, "token") ?? "";
  const isToken = connection.kind === "token";
  const old = isAppPassword(connection, token);
  const tokenKind = isToken ? "API token" : "access token";
  const asked = async (): Promise<Inspection> => {
    requireApiAddress(connection);
    const { http } = connect.client(connection);
    const who = await http.reply(CloudAccount, { path: "/user" }).catch((error: unknown) => {
      // Access tokens without the right to read the account.
      if (error instanceof Failure && error.kind === "not-allowed") return undefined;
      throw error;
    });
    const header = who?.headers.get("x-oauth-scopes");
    const known = header ? granted(header) : undefined;
    const visible = await api.repositories("", 100);
    const [first] = visible;
    const unseen = namedRepositories(connection).filter(
      (name) => !visible.some((one) => one.name.toLowerCase() === name.toLowerCase()),
    );
    const reads: Readonly<Record<string, () => Promise<unknown>>> =
      first === undefined
        ? {}
        : {
            "pull requests (write)": () =>
              http.json(z.unknown(), { path: `/repositories/${first.name}/pullrequests?pagelen=1` }),
            "webhooks (read and write)": () => hooks.hooks({ type: "repository", name: first.name }),
          };
    const scopes = await Promise.all(
      rights.map(async (right): Promise<Scope> => {
        // Without the account we learn who we are from our first post.
        const isAccount = right.name === "account (read)";
        const optional = "optional" in right || (isAccount && !isToken);
        const state = async (): Promise<ScopeState> => {
          if (known) return right.names.some((name) => known.has(name)) ? "present" : "missing";
          if (isAccount) return who ? "present" : "missing";
          const read = await probe(reads[right.name]);
          // That reading works says nothing of writing.
          return read === "present" && !("optional" in right) ? "unknown" : read;
        };
        return { name: right.name, for: right.for, state: await state(), optional };
      }),
    );
    const account = who && { id: who.value.uuid ?? "", name: who.value.display_name ?? "" };
    return {
      ...(account ? { account } : {}),
      scopes,
      notes: [
        ...(first === undefined ? ["It sees no repository."] : []),
        ...(unseen.length > 0 ? [`It does not see ${unseen.join(", ")}.`] : []),
        "Bitbucket Cloud does not tell when a token expires.",
      ],
    };
  };
  return inspectBitbucket({
    tokenKind: old ? "app password" : tokenKind,
    rights,
    cure: old ? endOfAppPasswords : cure,
    now: deps.now(),
    ask: asked,
  });
};
