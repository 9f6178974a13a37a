import type { SettingSource, WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { readDuration, readField, readList } from "./read-field.ts";
import { type WorkspaceField, type WorkspaceKey, workspaceFields } from "./workspace-fields.ts";

/** Texts by key, already read by `readWorkspaceField`. */
export type WorkspaceTexts = Readonly<Partial<Record<WorkspaceKey, string>>>;

export interface ExplainedSetting {
  readonly field: WorkspaceField;
  readonly value: string;
  readonly source: SettingSource;
}

export const isWorkspaceKey = (key: string): key is WorkspaceKey =>
  workspaceFields.some((field) => field.key === key);

/** The first room that stands twice. */
const namedTwice = (entries: readonly string[]): string | undefined => {
  const rooms = entries.map((entry) => entry.slice(0, entry.indexOf("=")));
  return rooms.find((room, index) =>
    rooms.slice(0, index).some((earlier) => earlier.toLowerCase() === room.toLowerCase()),
  );
};

/** Milliseconds; in less no agent even starts. */
const leastRun = 60_000;

const readEntries = (key: WorkspaceKey, value: string): string | undefined => {
  const entries = readList(value);
  const twice = key === "defaultRepositories" ? namedTwice(entries) : undefined;
  if (twice !== undefined) return `names \`${twice}\` twice; a project or channel means one repository`;
  // A star would let every bot ask, and bots can be made to say anything.
  if (key === "allowedBots" && entries.some((entry) => entry.includes("*")))
    return "must name each bot; `*` is not allowed";
  if ((key === "handles" || key === "labels") && entries.length === 0) return "must not be empty";
  if (key === "handles" && !entries.every((entry) => /^@?[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}$/u.test(entry)))
    return "must hold names like `@openhands`";
  if ((key === "runsPerPerson" || key === "runsPerWorkspace") && Number(value) < 1)
    return "must be at least 1";
  if (key === "runTimeout" && (readDuration(value) ?? 0) < leastRun) return "must be at least `1m`";
  return undefined;
};

/** One text of a person or of the environment: the value as it is kept, or the end of a sentence that begins with its name. */
export const readWorkspaceField = (
  field: WorkspaceField,
  text: string,
): { readonly value: string } | { readonly problem: string } => {
  const reading = readField(field, text);
  if ("problem" in reading) return reading;
  const problem = readEntries(field.key, reading.value);
  return problem === undefined ? reading : { problem };
};

/** Each setting with its effective text and where that comes from. */
export const explainSettings = (
  page: WorkspaceTexts,
  environment: WorkspaceTexts,
): readonly ExplainedSetting[] =>
  workspaceFields.map((field) => {
    const typed = page[field.key];
    if (typed !== undefined) return { field, value: typed, source: "page" };
    const set = environment[field.key];
    return set === undefined
      ? { field, value: field.fallback ?? "", source: "default" }
      : { field, value: set, source: "environment" };
  });

/** The effective settings as values. */
export const toWorkspaceSettings = (explained: readonly ExplainedSetting[]): WorkspaceSettings => {
  const texts = new Map(explained.map((one) => [one.field.key, one.value]));
  const text = (key: WorkspaceKey): string => texts.get(key) ?? "";
  const list = (key: WorkspaceKey): readonly string[] => readList(text(key));
  const isOn = (key: WorkspaceKey): boolean => text(key) === "true";
  const optional = (key: WorkspaceKey): string | undefined => (text(key) === "" ? undefined : text(key));
  return {
    handles: list("handles").map((handle) => (handle.startsWith("@") ? handle : `@${handle}`)),
    labels: list("labels"),
    allowedBots: list("allowedBots"),
    allowedPeople: list("allowedPeople"),
    blockedPeople: list("blockedPeople"),
    allowedRepositories: list("allowedRepositories"),
    openChannels: list("openChannels"),
    defaultRepositories: list("defaultRepositories"),
    requireLink: isOn("requireLink"),
    trustMembers: isOn("trustMembers"),
    defaultAgent: optional("defaultAgent"),
    model: optional("model"),
    runsPerPerson: Number(text("runsPerPerson")),
    runsPerWorkspace: Number(text("runsPerWorkspace")),
    runTimeout: readDuration(text("runTimeout")) ?? 0,
    closing: text("closing") === "report" ? "report" : "comment",
    agentToken: text("agentToken") === "workspace" ? "workspace" : "asker",
    allowCiChanges: isOn("allowCiChanges"),
    plainReplies: isOn("plainReplies"),
    allowGuests: isOn("allowGuests"),
  };
};
