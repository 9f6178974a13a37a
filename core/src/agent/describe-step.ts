import type { OpenHandsEvent } from "../wire/openhands-event.ts";

/** OpenHands' own stand-in when the model gave no summary: the tool's name and its arguments as JSON. */
const standIn = /^[a-z][a-z0-9_]*\s*:\s*[[{]/i;

const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Paths as people of the repository know them: without the folder that the agent works in. */
const shortPath = (path: string, workingDir: string | undefined): string => {
  const own =
    workingDir !== undefined && path.startsWith(`${workingDir}/`) ? path.slice(workingDir.length + 1) : path;
  return clip(own.replace(/^\/workspace\/(project\/)?[^/]+\//, ""), 100);
};

const verbs: Readonly<Record<string, string>> = {
  view: "Reading",
  create: "Creating",
  str_replace: "Editing",
  insert: "Editing",
  undo_edit: "Undoing the edit of",
};

const byKind: Readonly<Record<string, (event: OpenHandsEvent, path: string) => string>> = {
  FileEditorAction: (event, path) => `${verbs[event.action?.command ?? ""] ?? "Editing"} ${path}`,
  ReadFileAction: (_, path) => `Reading ${path}`,
  WriteFileAction: (_, path) => `Writing ${path}`,
  EditAction: (_, path) => `Editing ${path}`,
  ApplyPatchAction: () => "Applying a patch",
  GrepAction: () => "Searching the code",
  GlobAction: () => "Looking for files",
  TaskAction: () => "Handing a part to a sub-agent",
  DelegateAction: () => "Handing a part to a sub-agent",
  InvokeSkillAction: () => "Reading a skill",
};

const plainTool = (event: OpenHandsEvent): string => {
  const name = oneLine((event.tool_name ?? "").replaceAll("_", " "));
  return name === "" ? "Working" : `${name.charAt(0).toUpperCase()}${clip(name.slice(1), 80)}`;
};

/** One line for an action of the agent: what it says itself, else what it does. */
export const describeStep = (event: OpenHandsEvent, workingDir?: string): string => {
  const summary = oneLine(event.summary ?? "");
  if (summary !== "" && !standIn.test(summary)) return clip(summary, 160);
  const action = event.action;
  if (action?.kind === "TerminalAction") {
    if (action.is_input === true) return "Typing into the terminal";
    const line = oneLine((action.command ?? "").trim().split("\n")[0] ?? "");
    return line === "" ? "Waiting for a command" : `$ ${clip(line, 120)}`;
  }
  const path = shortPath(action?.path ?? "a file", workingDir);
  return byKind[action?.kind ?? ""]?.(event, path) ?? plainTool(event);
};
