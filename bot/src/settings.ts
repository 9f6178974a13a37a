import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import { type BotKey, botFields } from "./settings/bot-fields.ts";
import { createEnvironment, type Environment, type Problem } from "./settings/environment.ts";
import { type FixedConnection, findEnvironmentConnections } from "./settings/environment-connections.ts";
import { isNetwork, readDuration, readField, readHost, readList } from "./settings/read-field.ts";
import { workspaceFields } from "./settings/workspace-fields.ts";
import { readWorkspaceField, type WorkspaceTexts } from "./settings/workspace-values.ts";

/** Exit code of a start that the settings forbid: EX_CONFIG of sysexits.h. */
export const badSettingsExit = 78;

/** All that the environment says. Durations are milliseconds. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  readonly metrics: boolean;
  readonly metricsToken: string | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly logFormat: "json" | "pretty";
  readonly stopTimeout: number;
  readonly dataDir: string;
  readonly secretKey: string | undefined;
  readonly secretKeyFile: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly keepRuns: number;
  /** Hosts with private addresses that may be reached; those of the connections here are approved too. */
  readonly allowedHosts: readonly string[];
  readonly requestTimeout: number;
  readonly workers: number;
  readonly pollEvery: number;
  /** Workspace settings by key, as text. */
  readonly workspace: WorkspaceTexts;
  readonly connections: readonly FixedConnection[];
}

export type SettingsReading = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

/** Reads one variable; problems go to `note`. */
const readOne = (
  field: Field & { readonly env: string },
  environment: Environment,
  read: (text: string) => ReturnType<typeof readField>,
  note: (problem: Problem) => void,
): string | undefined => {
  const text = environment.get(field.env);
  if (text === undefined) return undefined;
  const reading = read(text);
  if ("value" in reading) return reading.value === "" ? undefined : reading.value;
  note({ name: field.env, sentence: `${field.env} ${reading.problem}. ${field.help}` });
  return undefined;
};

/** Checked here, because a client that cannot read it quotes it, with its password, in an error. */
const isDatabaseUrl = (text: string): boolean => {
  try {
    return /^postgres(?:ql)?:$/.test(new URL(text).protocol) && decodeURIComponent(text) !== "";
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof URIError) return false;
    throw cause;
  }
};

const isBetween = (text: string, bounds: readonly [string, string]): boolean => {
  const [value, least, most] = [text, ...bounds].map((one) => readDuration(one) ?? Number(one));
  return value !== undefined && least !== undefined && most !== undefined && value >= least && value <= most;
};

/** What a format alone does not say. */
const readBotField = (field: (typeof botFields)[number], text: string): ReturnType<typeof readField> => {
  const reading = readField(field, text);
  if ("problem" in reading) return reading;
  if ("bounds" in field && !isBetween(reading.value, field.bounds))
    return { problem: `must be from \`${field.bounds[0]}\` to \`${field.bounds[1]}\`` };
  if (field.key === "databaseUrl" && !isDatabaseUrl(reading.value))
    return { problem: "must be an address like `postgres://user:password@db.example.com/ask`" };
  const entries = readList(reading.value);
  if (field.key === "trustedProxies" && !entries.every(isNetwork))
    return { problem: "must hold addresses or networks like `10.0.0.0/8`" };
  if (field.key === "allowedHosts" && !entries.every((entry) => readHost(entry) !== undefined))
    return { problem: "must hold hosts like `gitlab.internal` or `10.1.2.3:8443`" };
  return reading;
};

/** Settings of the environment, or everything that is wrong with it, all at once. `catalog` are the credential kinds of all platforms. */
export const readSettings = (
  variables: Readonly<Record<string, string | undefined>>,
  catalog: readonly CredentialKind[],
  now: () => number = Date.now,
): SettingsReading => {
  const environment = createEnvironment(variables);
  const problems: Problem[] = [];
  const note = (problem: Problem): void => void problems.push(problem);

  const values = new Map<BotKey, string>();
  for (const field of botFields) {
    const value =
      readOne(field, environment, (text) => readBotField(field, text), note) ??
      ("fallback" in field ? field.fallback : undefined);
    if (value !== undefined) values.set(field.key, value);
  }
  const workspace = Object.fromEntries(
    workspaceFields.flatMap((field) => {
      const value = readOne(field, environment, (text) => readWorkspaceField(field, text), note);
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
  const found = findEnvironmentConnections(catalog, environment, new Date(now()).toISOString());
  problems.push(...found.problems, ...environment.problems());
  if (problems.length > 0) return { problems: uniqueByName(problems) };

  const text = (key: BotKey): string => values.get(key) ?? "";
  const duration = (key: BotKey): number => readDuration(text(key)) ?? 0;
  const settings: Settings = {
    port: Number(text("port")),
    host: text("host"),
    publicUrl: values.get("publicUrl") ?? `http://localhost:${text("port")}`,
    trustedProxies: readList(text("trustedProxies")),
    metrics: text("metrics") === "true",
    metricsToken: values.get("metricsToken"),
    logLevel: text("logLevel") as Settings["logLevel"],
    logFormat: text("logFormat") as Settings["logFormat"],
    stopTimeout: duration("stopTimeout"),
    dataDir: text("dataDir"),
    secretKey: values.get("secretKey"),
    secretKeyFile: values.get("secretKeyFile"),
    databaseUrl: values.get("databaseUrl"),
    keepRuns: duration("keepRuns"),
    allowedHosts: readList(text("allowedHosts")).flatMap((entry) => readHost(entry) ?? []),
    requestTimeout: duration("requestTimeout"),
    workers: Number(text("workers")),
    pollEvery: duration("pollEvery"),
    workspace,
    connections: found.connections,
  };
  return { settings };
};

const uniqueByName = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [problem.sentence, problem])).values(),
];
