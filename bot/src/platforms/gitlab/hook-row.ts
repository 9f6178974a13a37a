import type { GitLabHook } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { HookResource, HookState } from "../platform.ts";
import type { HookOwner } from "./api.ts";

/** Something that can carry a webhook of ours. */
export interface HookPlace extends HookOwner {
  readonly name: string;
  readonly url: string;
}

export interface HookFacts {
  readonly hook: GitLabHook;
  /** Address that the hook should call. */
  readonly wanted: string;
  /** True when deliveries without a signature are refused. */
  readonly mustSign: boolean;
  readonly last?:
    | {
        readonly response_status?: string | null | undefined;
        readonly created_at?: string | null | undefined;
      }
    | undefined;
}

/** What we must hear, and what people call it in GitLab's form. */
const events: readonly (readonly [keyof GitLabHook, string])[] = [
  ["issues_events", "issues"],
  ["confidential_issues_events", "confidential issues"],
  ["merge_requests_events", "merge requests"],
  ["note_events", "comments"],
  ["confidential_note_events", "confidential comments"],
];

export const resourceId = ({ type, id }: HookOwner): string => `${type}:${id}`;

export function ownerOf(id: string): HookOwner | undefined {
  const [, type, number] = /^(project|group):(\d+)$/.exec(id) ?? [];
  return number && (type === "project" || type === "group") ? { type, id: number } : undefined;
}

/** Our hook among those of a resource: by the path that only this connection has, so that one with an older address of ours is found too. */
export const findOurs = (hooks: readonly GitLabHook[], wanted: string): GitLabHook | undefined => {
  const path = new URL(wanted).pathname;
  return (
    hooks.find(({ url }) => url === wanted) ??
    hooks.find(
      ({ url }) =>
        URL.canParse(url) && new URL(url).pathname.endsWith(`/webhooks/${path.split("/webhooks/")[1]}`),
    )
  );
};

/** GitLab switches a hook off for a while after four failures in a row, and for good after forty. https://docs.gitlab.com/user/project/integrations/webhooks/#auto-disabled-webhooks */
export const isDisabled = ({ alert_status: status, disabled_until: until }: GitLabHook): boolean =>
  // The time stays when it has passed; releases that tell a status tell it as it is now.
  status ? status !== "executable" : Boolean(until) && Date.parse(until ?? "") > Date.now();

function diagnose({ hook, wanted, mustSign, last }: HookFacts): {
  readonly state: HookState;
  readonly error?: string;
} {
  if (hook.url !== wanted)
    return {
      state: "failed",
      error: `It still calls ${new URL(hook.url).origin}, not ${new URL(wanted).origin}. Repair it.`,
    };
  if (isDisabled(hook)) {
    const until = hook.disabled_until ? ` until ${hook.disabled_until}` : "";
    return {
      state: "disabled",
      error: `GitLab switched it off${until} because deliveries failed. Repair it.`,
    };
  }
  const silent = events.filter(([event]) => hook[event] === false).map(([, name]) => name);
  if (silent.length > 0)
    return { state: "failed", error: `It does not tell of ${silent.join(", ")}. Repair it.` };
  if (mustSign && hook.signing_token_present !== true) {
    return {
      state: "failed",
      error:
        "It does not sign its deliveries, so they are refused. Repair it; if that does not help, this GitLab cannot sign: take the signing token out of the connection.",
    };
  }
  const status = last?.response_status;
  if (status && !/^2\d\d$/.test(status))
    return { state: "failed", error: `The last delivery failed (${status}).` };
  return { state: "installed" };
}

export function rowOf(place: HookPlace, facts: HookFacts | undefined): HookResource {
  const common = { id: resourceId(place), type: place.type, name: place.name, url: place.url };
  if (facts === undefined) return { ...common, state: "missing" };
  const at = facts.last?.created_at;
  return { ...common, ...diagnose(facts), ...(at ? { lastDelivery: new Date(at).toISOString() } : {}) };
}
