import type { ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";

/** What a person types for one server. */
export interface TypedToken {
  readonly host: string;
  readonly email?: string | undefined;
  readonly token: string;
}

interface Wanted {
  readonly name: string;
  readonly for: string;
  /** Scopes that include this one. */
  readonly within?: readonly string[] | undefined;
}

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ProbeDeps {
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

/** GETs one fixed path of one server and reads JSON. A server that does not answer is status 0. */
const get = async ({ fetch }: ProbeDeps, url: string, authorization: string): Promise<Seen> => {
  const init: RequestInit = {
    headers: { authorization, accept: "application/json" },
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(15_000),
  };
  const response = await fetch(url, init).catch(() => undefined);
  const body: unknown = await response?.json().catch(() => undefined);
  const isObject = typeof body === "object" && body !== null;
  return {
    status: response?.status ?? 0,
    headers: response?.headers ?? new Headers(),
    body: isObject ? (body as Record<string, unknown>) : {},
  };
};

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const judge = (
  wanted: readonly Wanted[],
  granted: readonly string[] | undefined,
): ConnectionStatus["scopes"] =>
  wanted.map(({ name, for: use, within }) => {
    const has = granted?.some((scope) => scope === name || within?.includes(scope) === true);
    const states: Readonly<Record<string, ScopeState>> = {
      true: "present",
      false: "missing",
      undefined: "unknown",
    };
    return { name, for: use, state: states[String(has)] ?? "unknown" };
  });

const listed = (headers: Headers): readonly string[] | undefined =>
  headers
    .get("x-oauth-scopes")
    ?.split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");

const refusals: Readonly<Record<number, string>> = {
  0: "No answer from this server. Check the address, and that this machine reaches it.",
  401: "The server does not accept this token. Check it for typing errors and for its end date.",
  403: "The server knows the token but forbids its use. An organisation policy or a missing scope may be the reason.",
  404: "There is no such interface at this address. Check the address and what runs there.",
  429: "The server asks to wait. Try again in a few minutes.",
};

const refusal = (status: number): string =>
  refusals[status] ?? `The server answered with status ${status}. Try again later.`;

const report = (
  deps: ProbeDeps,
  tokenKind: string,
  seen: Seen,
  found: Partial<ConnectionStatus>,
): ConnectionStatus => {
  const ok = seen.status >= 200 && seen.status < 300;
  const scopes = found.scopes ?? [];
  const missing = scopes.filter(({ state }) => state === "missing").map(({ name }) => name);
  const lacks =
    missing.length > 0
      ? {
          problem: `Missing: ${missing.join(", ")}.`,
          cure: "Make a token with these scopes and enter it here.",
        }
      : {};
  return {
    tokenKind,
    checkedAt: deps.now().toISOString(),
    ...(ok ? { ...found, ...lacks } : { problem: refusal(seen.status) }),
    scopes,
    ok: ok && missing.length === 0,
  };
};

const account = (id: unknown, name: unknown): Pick<ConnectionStatus, "account"> => {
  const known = text(name);
  return known === undefined ? {} : { account: { id: String(id ?? known), name: known } };
};

const basic = ({ email, token }: TypedToken): string =>
  `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email}:${token}`)))}`;

const gitHub = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const api = typed.host === "github.com" ? "https://api.github.com" : `https://${typed.host}/api/v3`;
  const seen = await get(deps, `${api}/user`, `Bearer ${typed.token}`);
  const fine = typed.token.startsWith("github_pat_");
  // A fine-grained token does not tell its permissions anywhere.
  const scopes = fine
    ? judge(
        [
          { name: "contents: write", for: "pushing" },
          { name: "pull requests: write", for: "opening pull requests" },
        ],
        undefined,
      )
    : judge([{ name: "repo", for: "reading, pushing and opening pull requests" }], listed(seen.headers));
  const until = seen.headers.get("github-authentication-token-expiration");
  const expiresAt =
    until !== null && !Number.isNaN(Date.parse(until)) ? new Date(until).toISOString() : undefined;
  return report(deps, fine ? "fine-grained token" : "personal access token", seen, {
    ...account(seen.body["id"], seen.body["login"]),
    scopes,
    ...(expiresAt && { expiresAt }),
  });
};

const gitLab = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const seen = await get(deps, `https://${typed.host}/api/v4/user`, `Bearer ${typed.token}`);
  const self = await get(
    deps,
    `https://${typed.host}/api/v4/personal_access_tokens/self`,
    `Bearer ${typed.token}`,
  );
  const granted = Array.isArray(self.body["scopes"]) ? self.body["scopes"].map(String) : undefined;
  const within = ["api"];
  const wanted: readonly Wanted[] = [
    { name: "api", for: "merge requests and comments" },
    { name: "read_repository", for: "cloning", within: [...within, "write_repository"] },
    { name: "write_repository", for: "pushing", within },
  ];
  const until = text(self.body["expires_at"]);
  const expiresAt = until === undefined ? undefined : `${until.slice(0, 10)}T00:00:00.000Z`;
  return report(deps, "access token", seen, {
    ...account(seen.body["id"], seen.body["username"]),
    scopes: judge(wanted, granted),
    ...(expiresAt && { expiresAt }),
  });
};

const bitbucketCloud = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const withEmail = typed.email !== undefined && typed.email !== "";
  const seen = await get(
    deps,
    "https://api.bitbucket.org/2.0/user",
    withEmail ? basic(typed) : `Bearer ${typed.token}`,
  );
  const wanted: readonly Wanted[] = [
    { name: "read:user:bitbucket", for: "knowing whose token it is", within: ["account"] },
    { name: "read:repository:bitbucket", for: "cloning", within: ["repository", "repository:write"] },
    { name: "write:repository:bitbucket", for: "pushing", within: ["repository:write"] },
    { name: "write:pullrequest:bitbucket", for: "opening pull requests", within: ["pullrequest:write"] },
  ];
  return report(deps, withEmail ? "API token" : "access token", seen, {
    ...account(
      seen.body["account_id"] ?? seen.body["uuid"],
      seen.body["nickname"] ?? seen.body["display_name"],
    ),
    scopes: judge(wanted, listed(seen.headers)),
  });
};

/** Logins stand in headers as in addresses; one that is no such text stays as it is. */
const decoded = (login: string | null): string | undefined => {
  if (login === null) return undefined;
  try {
    return decodeURIComponent(login);
  } catch (malformed) {
    if (malformed instanceof URIError) return login;
    throw malformed;
  }
};

const bitbucketDataCenter = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const seen = await get(
    deps,
    `https://${typed.host}/rest/api/latest/profile/recent/repos?limit=1`,
    `Bearer ${typed.token}`,
  );
  const login = decoded(seen.headers.get("x-ausername"));
  const listed =
    login === undefined
      ? undefined
      : await get(
          deps,
          `https://${typed.host}/rest/api/latest/users?filter=${encodeURIComponent(login)}`,
          `Bearer ${typed.token}`,
        );
  const people = listed?.status === 200 ? listed.body["values"] : undefined;
  const isPerson = (one: unknown): boolean =>
    typeof one === "object" &&
    one !== null &&
    "name" in one &&
    String(one.name).toLowerCase() === login?.toLowerCase();
  // The accounts of project and repository tokens are in no list: these tokens belong to nobody.
  const name = Array.isArray(people) && !people.some(isPerson) ? undefined : login;
  const wanted = [{ name: "repository write", for: "pushing and opening pull requests" }];
  return report(deps, "HTTP access token", seen, {
    ...account(undefined, name),
    scopes: judge(wanted, undefined),
  });
};

const jiraCloud = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const direct = await get(deps, `https://${typed.host}/rest/api/3/myself`, basic(typed));
  const site =
    direct.status === 401
      ? await get(deps, `https://${typed.host}/_edge/tenant_info`, basic(typed))
      : undefined;
  const cloudId = text(site?.body["cloudId"]);
  // Tokens with scopes are accepted by the gateway only.
  const seen =
    cloudId === undefined
      ? direct
      : await get(
          deps,
          `https://api.atlassian.com/ex/jira/${encodeURIComponent(cloudId)}/rest/api/3/myself`,
          basic(typed),
        );
  const wanted = [
    { name: "read:jira-work", for: "reading tickets" },
    { name: "write:jira-work", for: "commenting" },
  ];
  return report(deps, cloudId === undefined ? "API token" : "API token with scopes", seen, {
    ...account(seen.body["accountId"], seen.body["displayName"]),
    scopes: judge(wanted, undefined),
  });
};

const jiraDataCenter = async (deps: ProbeDeps, typed: TypedToken): Promise<ConnectionStatus> => {
  const seen = await get(deps, `https://${typed.host}/rest/api/2/myself`, `Bearer ${typed.token}`);
  return report(deps, "personal access token", seen, {
    ...account(seen.body["key"], seen.body["displayName"] ?? seen.body["name"]),
    scopes: [],
  });
};

/** One kind of token that the popup takes, as data. */
export interface TokenKind {
  readonly id: string;
  readonly platform: string;
  readonly name: string;
  /** Name under which the agent finds the token. */
  readonly secret: string;
  readonly probe: (deps: ProbeDeps, typed: TypedToken) => Promise<ConnectionStatus>;
}

export const tokenKinds: readonly TokenKind[] = [
  { id: "github", platform: "github", name: "GitHub", secret: "GITHUB_TOKEN", probe: gitHub },
  { id: "gitlab", platform: "gitlab", name: "GitLab", secret: "GITLAB_TOKEN", probe: gitLab },
  {
    id: "bitbucket-cloud",
    platform: "bitbucket-cloud",
    name: "Bitbucket Cloud",
    secret: "BITBUCKET_TOKEN",
    probe: bitbucketCloud,
  },
  {
    id: "bitbucket-dc",
    platform: "bitbucket-dc",
    name: "Bitbucket Data Center",
    secret: "BITBUCKET_DATA_CENTER_TOKEN",
    probe: bitbucketDataCenter,
  },
  { id: "jira-cloud", platform: "jira-cloud", name: "Jira Cloud", secret: "JIRA_TOKEN", probe: jiraCloud },
  {
    id: "jira-dc",
    platform: "jira-dc",
    name: "Jira Data Center",
    secret: "JIRA_TOKEN",
    probe: jiraDataCenter,
  },
];
