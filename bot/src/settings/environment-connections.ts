import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Environment, Problem } from "./environment.ts";
import { readField, readHost } from "./read-field.ts";

/** A connection that environment variables make; the page shows it and cannot change it. */
export interface FixedConnection {
  readonly connection: Connection;
  readonly secrets: Readonly<Record<string, string>>;
  /** PEM bundle of the authority that signs this server's certificate. */
  readonly ca?: string | undefined;
}

interface Found {
  readonly connections: readonly FixedConnection[];
  readonly problems: readonly Problem[];
}

type FieldWithEnv = Field & { readonly env: string };

/** `GITLAB_TOKEN`, then `GITLAB_TOKEN_2` … `GITLAB_TOKEN_9` for further servers. */
const suffixes = ["", "_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9"];

const hasEnv = (field: Field): field is FieldWithEnv => field.env !== undefined;
const fieldsOf = (kind: CredentialKind): readonly FieldWithEnv[] => kind.fields.filter(hasEnv);
const isDecisive = (field: Field): boolean =>
  field.fallback === undefined && (field.required || field.secret);

/** Variable that names the host. */
export const hostEnv = (kind: CredentialKind): string | undefined => {
  if ("env" in kind.host) return kind.host.env;
  const from = "from" in kind.host ? kind.host.from : undefined;
  return kind.fields.find((field) => field.key === from)?.env;
};
/** `GITLAB_HOST` → `GITLAB_CA_FILE`. */
export const caEnv = (kind: CredentialKind): string | undefined =>
  hostEnv(kind)
    ?.replace(/_(HOST|URL|BASE_URL)$/, "")
    .concat("_CA_FILE");

const hostOf = (
  kind: CredentialKind,
  environment: Environment,
  suffix: string,
  settings: Readonly<Record<string, string>>,
): { readonly host: string } | { readonly problem: Problem } => {
  if ("only" in kind.host) return { host: kind.host.only };
  if ("from" in kind.host) return { host: readHost(settings[kind.host.from] ?? "") ?? "" };
  const name = `${kind.host.env}${suffix}`;
  const typed = environment.get(name);
  if (typed === undefined && "usual" in kind.host) return { host: kind.host.usual };
  if (typed === undefined)
    return {
      problem: { name, sentence: `${name} is missing: ${kind.name} needs the address of its server.` },
    };
  const host = readHost(typed);
  return host === undefined
    ? {
        problem: {
          name,
          sentence: `${name} is not a host; write it like \`git.example.com\` or \`example.com/context\`.`,
        },
      }
    : { host };
};

const makeConnection = (
  kind: CredentialKind,
  environment: Environment,
  suffix: string,
  startedAt: string,
): FixedConnection | readonly Problem[] => {
  const problems: Problem[] = [];
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  for (const field of fieldsOf(kind)) {
    const name = `${field.env}${suffix}`;
    const text = environment.get(name);
    if (text === undefined && field.required && field.fallback === undefined) {
      problems.push({ name, sentence: `${name} is missing: ${kind.name} needs it. ${field.help}` });
      continue;
    }
    const reading = readField({ ...field, required: false }, text ?? field.fallback ?? "");
    if ("problem" in reading) problems.push({ name, sentence: `${name} ${reading.problem}. ${field.help}` });
    else if (reading.value !== "") (field.secret ? secrets : settings)[field.key] = reading.value;
  }
  const host = hostOf(kind, environment, suffix, settings);
  if ("problem" in host) problems.push(host.problem);
  const caName = caEnv(kind);
  const ca = caName === undefined ? undefined : environment.file(`${caName}${suffix}`);
  if (problems.length > 0 || "problem" in host) return problems;
  const id = `env-${kind.platform}-${kind.kind}${suffix.replace("_", "-")}`;
  const connection: Connection = {
    id,
    platform: kind.platform,
    host: host.host,
    owner: { kind: "workspace", id: "main" },
    kind: kind.kind,
    name: `${kind.name} (${host.host})`,
    settings,
    secretNames: Object.keys(secrets),
    active: true,
    fixed: true,
    createdAt: startedAt,
  };
  return { connection, secrets, ...(ca === undefined ? {} : { ca }) };
};

const findWithSuffix = (
  kinds: readonly CredentialKind[],
  environment: Environment,
  suffix: string,
  startedAt: string,
): Found => {
  const connections: FixedConnection[] = [];
  const problems: Problem[] = [];
  const isSet = (field: FieldWithEnv): boolean => environment.get(`${field.env}${suffix}`) !== undefined;
  const explained = new Set<string>();
  const use = (kind: CredentialKind): void => {
    for (const field of fieldsOf(kind)) explained.add(field.env);
    const made = makeConnection(kind, environment, suffix, startedAt);
    if ("connection" in made) connections.push(made);
    else problems.push(...made);
  };
  const newSecrets = (kind: CredentialKind): number =>
    fieldsOf(kind).filter((field) => isDecisive(field) && isSet(field) && !explained.has(field.env)).length;
  const isComplete = (kind: CredentialKind): boolean =>
    fieldsOf(kind).every((field) => !field.required || field.fallback !== undefined || isSet(field));
  const isFixedKind = (kind: CredentialKind): boolean =>
    kind.owner !== "person" && fieldsOf(kind).some(isDecisive);

  for (const kind of kinds) {
    if (isFixedKind(kind) && isComplete(kind) && newSecrets(kind) > 0) use(kind);
  }
  // What is set and belongs to nothing complete: the kind that most of it fits says what is missing.
  const partly = kinds
    .filter((kind) => isFixedKind(kind) && newSecrets(kind) > 0)
    .sort((one, other) => newSecrets(other) - newSecrets(one));
  if (partly[0] !== undefined) use(partly[0]);
  return { connections, problems };
};

/** Connections of the environment, by the catalog's kinds; a kind that is begun and not complete is a problem, not a missing connection. */
export const findEnvironmentConnections = (
  catalog: readonly CredentialKind[],
  environment: Environment,
  startedAt: string,
): Found => {
  const platforms = [...new Set(catalog.map((kind) => kind.platform))];
  const found = platforms.flatMap((platform) =>
    suffixes.map((suffix) =>
      findWithSuffix(
        catalog.filter((kind) => kind.platform === platform),
        environment,
        suffix,
        startedAt,
      ),
    ),
  );
  return {
    connections: found.flatMap((one) => one.connections),
    problems: found.flatMap((one) => one.problems),
  };
};
