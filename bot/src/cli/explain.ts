import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import { Failure } from "@ask-openhands/core/failure.ts";
import { workspaceFields } from "../settings/workspace-fields.ts";
import { explainSettings, readWorkspaceField, toWorkspaceSettings } from "../settings/workspace-values.ts";
import type { Explanation } from "./explain-delivery.ts";
import { explainPayload } from "./explain-payload.ts";

const usage =
  "Use: explain <platform> <payload.json or -> [--event NAME] [--json] [--handle @name] [--label name] [--host HOST]";

const refuse = (sentence: string): never => {
  throw new Failure("bad-input", sentence);
};

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        event: { type: "string" },
        json: { type: "boolean", default: false },
        handle: { type: "string", multiple: true },
        label: { type: "string", multiple: true },
        host: { type: "string" },
      },
    });
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message.split("\n")[0] : "The options cannot be read."} ${usage}`,
    );
  }
};

/** The workspace's words as the environment sets them; options on the command line win. */
const readWords = (handles: readonly string[] | undefined, labels: readonly string[] | undefined) => {
  const given: Readonly<Record<string, string | undefined>> = {
    ...process.env,
    ...(handles ? { HANDLES: handles.join(",") } : {}),
    ...(labels ? { LABELS: labels.join(",") } : {}),
  };
  const texts = workspaceFields.flatMap((field) => {
    const text = given[field.env];
    if (!text) return [];
    const reading = readWorkspaceField(field, text);
    return "value" in reading ? [[field.key, reading.value]] : refuse(`${field.env} ${reading.problem}.`);
  });
  return toWorkspaceSettings(explainSettings({}, Object.fromEntries(texts)));
};

const readText = (file: string): string => {
  if (file === "-") return readFileSync(0, "utf8");
  // pnpm runs scripts in the project's folder; the person's own folder is in INIT_CWD.
  const path = resolve(process.env["INIT_CWD"] ?? process.cwd(), file);
  try {
    return readFileSync(path, "utf8");
  } catch {
    return refuse(`${file} cannot be read: is the path right?`);
  }
};

const explain = (): { readonly explanation: Explanation; readonly json: boolean } => {
  const { values, positionals } = readArguments();
  const [platformId, file] = positionals;
  if (!platformId || !file || positionals.length > 2) return refuse(usage);
  const delivery = {
    platform: platformId,
    text: readText(file),
    name: file === "-" ? "The input" : file,
    event: values.event,
    host: values.host,
  };
  const settings = readWords(values.handle, values.label);
  return { explanation: explainPayload(delivery, settings), json: values.json };
};

const verdicts: Readonly<Record<Explanation["trigger"], string>> = {
  ask: "would start or steer a run",
  command: "is a command",
  none: "does nothing",
};

/** Third-party text must not move the cursor or colour the terminal. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === "\n" ? char : "\ufffd"));

const inWords = ({ heard, why, trigger, command, place, author, text, key }: Explanation): string => {
  const color = trigger === "none" ? "yellow" : "green";
  const verdict = `${verdicts[trigger]}${command === null ? "" : `: ${command}`}`;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ["heard", heard],
    ["why", why],
    ["place", place && `${place.url}${place.repository === null ? "" : ` (${place.repository})`}`],
    ["author", author && `${author.name} (${author.kind}, ${author.id})`],
    ["text", text?.split("\n").join("\n         ")],
    ["key", key],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value ? [`${styleText("dim", name.padStart(7))}  ${printable(value)}`] : [],
  );
  return `\n${styleText([color, "bold"], `This delivery ${verdict}.`)}\n\n${lines.join("\n")}\n`;
};

try {
  const { explanation, json } = explain();
  console.log(json ? JSON.stringify(explanation) : inWords(explanation));
} catch (error) {
  const isExpected = error instanceof Failure;
  console.error(
    isExpected ? error.hint : "The payload cannot be explained: it has a shape that no delivery has.",
  );
  process.exitCode = 1;
}
