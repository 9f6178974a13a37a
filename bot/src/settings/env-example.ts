import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import { type BotField, botFields } from "./bot-fields.ts";
import { caEnv, hostEnv } from "./environment-connections.ts";
import { workspaceFields } from "./workspace-fields.ts";

const width = 100;

/** Comment lines of at most 100 characters. */
const comment = (text: string): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.replaceAll(/\s+/g, " ").split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
};

const entry = (field: Field & Pick<BotField, "env" | "bounds">): readonly string[] => {
  const choices = field.choices === undefined ? "" : ` One of: ${field.choices.join(", ")}.`;
  const bounds = field.bounds === undefined ? "" : ` From ${field.bounds[0]} to ${field.bounds[1]}.`;
  const need = field.required && field.fallback === undefined ? " Needed." : "";
  return [
    ...comment(`${field.help}${choices}${bounds}${need}`),
    `#${field.env}=${field.fallback ?? field.example ?? ""}`,
    "",
  ];
};

const hasEnv = (field: Field): field is Field & { readonly env: string } => field.env !== undefined;

const heading = (text: string): readonly string[] => [
  `# ${"-".repeat(width - 2)}`,
  `# ${text}`,
  `# ${"-".repeat(width - 2)}`,
  "",
];

const kindEntries = (kind: CredentialKind, told: Set<string>): readonly string[] => {
  const lines: string[] = [...comment(`${kind.name}: ${kind.how.replaceAll("**", "")}`), ""];
  const host = hostEnv(kind);
  if (host !== undefined && "env" in kind.host && !told.has(host)) {
    const usual = "usual" in kind.host ? kind.host.usual : "";
    lines.push(
      ...comment("Host of the server, with port and context path if it has them."),
      `#${host}=${usual}`,
      "",
    );
    told.add(host);
  }
  const ca = caEnv(kind);
  if (ca !== undefined && !("only" in kind.host) && !told.has(ca)) {
    lines.push(
      ...comment(
        "File with the certificate (PEM) of the authority that signs this server's certificate, when it is a private one.",
      ),
      `#${ca}=`,
      "",
    );
    told.add(ca);
  }
  for (const field of kind.fields.filter(hasEnv)) {
    if (told.has(field.env)) continue;
    told.add(field.env);
    lines.push(...entry(field));
  }
  return lines;
};

/** Text of `.env.example`: every variable with its help, all commented out. */
export const renderEnvExample = (catalog: readonly CredentialKind[]): string => {
  const told = new Set<string>();
  const lines = [
    ...comment(
      "Settings of Ask OpenHands. Made by `npx pnpm@12 -s env:example`. Copy it to `.env` in the project's folder, for your eyes only (`install -m 600 .env.example .env`), and set what you need; the connections and the workspace's settings can be set on the settings page, too. Variables that are set otherwise win over the file. Any NAME can be given as NAME_FILE with the path of a file. For a second server of a kind, add `_2` to its names, up to `_9`.",
    ),
    "",
    ...heading("The bot itself"),
    ...botFields.flatMap(entry),
    ...heading("Workspace: what the page changes wins over these"),
    ...workspaceFields.flatMap(entry),
  ];
  for (const platform of new Set(catalog.map((kind) => kind.platform))) {
    const kinds = catalog.filter(
      (kind) => kind.platform === platform && kind.owner !== "person" && kind.fields.some(hasEnv),
    );
    if (kinds.length > 0)
      lines.push(...heading(platform), ...kinds.flatMap((kind) => kindEntries(kind, told)));
  }
  return `${lines.join("\n").trimEnd()}\n`;
};
