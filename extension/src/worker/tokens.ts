import type { TokenView } from "../messages.ts";
import { change, type KeptToken, read } from "../storage.ts";
import { needAccess, readBaseUrl } from "./address.ts";
import type { AgentSecrets } from "./direct-life.ts";
import { type ProbeDeps, type TokenKind, tokenKinds } from "./probe.ts";
import { Trouble } from "./trouble.ts";
import { dropSecret, getSecret, putSecret } from "./vault.ts";

const deps: ProbeDeps = { fetch: (input, init) => fetch(input, init), now: () => new Date() };

export interface FoundToken {
  readonly name: string;
  readonly value: string;
  readonly kept: KeptToken;
}

const secretName = (id: string): string => `token-${id}`;

const kindOf = (id: string): TokenKind => {
  const kind = tokenKinds.find((known) => known.id === id);
  if (kind === undefined) throw new Trouble("Choose which server the token is for.");
  return kind;
};

/** `github.com`, `https://git.example.com/` → host with context path. */
const hostOf = (typed: string): string => readBaseUrl(typed).replace(/^https?:\/\//, "");

export const saveToken = async (input: {
  readonly kind: string;
  readonly host: string;
  readonly email?: string | undefined;
  readonly token: string;
}): Promise<void> => {
  const kind = kindOf(input.kind);
  const host = hostOf(input.host);
  await needAccess(`https://${host}`);
  const status = await kind.probe(deps, { ...input, host });
  if (status.account === undefined && status.problem !== undefined) throw new Trouble(status.problem);
  const id = `${kind.id}-${host.replaceAll(/[^a-z0-9]+/gi, "-")}`.slice(0, 64);
  await putSecret(secretName(id), input.token);
  const kept: KeptToken = {
    id,
    kind: kind.id,
    host,
    status,
    ...(input.email !== undefined && { email: input.email }),
  };
  await change("tokens", (tokens) => [...tokens.filter((known) => known.id !== id), kept]);
};

export const checkToken = async (id: string): Promise<void> => {
  const kept = (await read("tokens")).find((known) => known.id === id);
  const token = await getSecret(secretName(id));
  if (kept === undefined || token === undefined) throw new Trouble("This token is gone.", "Enter it again.");
  const status = await kindOf(kept.kind).probe(deps, { host: kept.host, email: kept.email, token });
  await change("tokens", (tokens) => tokens.map((known) => (known.id === id ? { ...known, status } : known)));
};

export const removeToken = async (id: string): Promise<void> => {
  await dropSecret(secretName(id));
  await change("tokens", (tokens) => tokens.filter((known) => known.id !== id));
};

export const listTokens = async (): Promise<readonly TokenView[]> =>
  (await read("tokens")).map(({ id, kind, host, status }) => ({
    id,
    host,
    platform: kindOf(kind).platform,
    platformName: kindOf(kind).name,
    account: status.account?.name,
    ok: status.ok,
    scopes: status.scopes,
    problem:
      status.problem === undefined ? undefined : [status.problem, status.cure].filter(Boolean).join(" "),
    expiresAt: status.expiresAt,
  }));

/** What the agent gets of a token: itself, under its name, and what its server wants beside it. */
export const secretsOf = ({ name, value, kept }: FoundToken): AgentSecrets => ({
  name,
  values: {
    [name]: value,
    // The REST API wants `email:token`, git the token alone.
    ...(kept.email && name === "BITBUCKET_TOKEN" && { BITBUCKET_USERNAME: kept.email }),
  },
  owner: kept.status.account?.name,
});

/** The person's token for a host, with the name under which the agent finds it. */
export const findToken = async (platform: string, host: string): Promise<FoundToken | undefined> => {
  const kept = (await read("tokens")).find(
    (known) => kindOf(known.kind).platform === platform && known.host === host,
  );
  const value = kept && (await getSecret(secretName(kept.id)));
  return kept === undefined || value === undefined
    ? undefined
    : { name: kindOf(kept.kind).secret, value, kept };
};
