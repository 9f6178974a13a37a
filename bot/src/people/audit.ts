import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";

/** Something that somebody did. Never a secret. */
export interface AuditEvent {
  /** `connection.created`, `member.removed`, `run.stopped`… */
  readonly action: string;
  /** Workspace that it concerns; absent for what concerns the person only. */
  readonly workspace?: string | undefined;
  readonly person?: string | undefined;
  /** Device or personal token that acted. */
  readonly through?: string | undefined;
  readonly target?: string | undefined;
  readonly detail?: string | undefined;
}

export interface AuditEntry extends AuditEvent {
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What happened, in order, so that a later change, removal or swap of entries is found. */
export interface Audit {
  /** Durable when it resolves. */
  append(event: AuditEvent): Promise<void>;
  /** Newest first: entries with `seq` below `before` that fit. */
  read(filter: {
    readonly fits: (entry: AuditEntry) => boolean;
    readonly before?: number | undefined;
    readonly limit: number;
  }): readonly AuditEntry[];
  /** First entry that does not fit the chain. */
  readonly brokenAt: number | undefined;
  close(): Promise<void>;
}

export interface AuditLine extends AuditEntry {
  /** Hash of the line before and of this entry. */
  readonly hash: string;
}

const start = "ask-openhands audit";

const fieldOrder = ["seq", "at", "action", "workspace", "person", "through", "target", "detail"] as const;

/** Keyed, so that only the bot can make a chain that fits. */
const hashOf = (key: Uint8Array, previous: string, entry: AuditEntry): string =>
  createHmac("sha256", key)
    .update(previous)
    .update("\0")
    .update(JSON.stringify(fieldOrder.map((name) => entry[name] ?? null)))
    .digest("base64url");

export const parseLine = (text: string): AuditLine | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "seq" in value && "hash" in value
      ? (value as AuditLine)
      : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
};

/** First `seq` at which the chain breaks: an entry that was changed, is missing, or stands elsewhere. */
export const findBreak = (texts: readonly string[], key: Uint8Array): number | undefined => {
  let previous = start;
  for (const [index, text] of texts.entries()) {
    const line = parseLine(text);
    if (line === undefined || line.seq !== index + 1 || line.hash !== hashOf(key, previous, line))
      return index + 1;
    previous = line.hash;
  }
  return undefined;
};

/** The entry that comes after `previous`, as it is stored. */
export const nextLine = (
  key: Uint8Array,
  previous: AuditLine | undefined,
  event: AuditEvent,
  at: number,
): AuditLine => {
  const entry = { ...event, seq: (previous?.seq ?? 0) + 1, at: new Date(at).toISOString() };
  return { ...entry, hash: hashOf(key, previous?.hash ?? start, entry) };
};

/** Newest first. */
export const readEntries = (
  entries: readonly AuditEntry[],
  { fits, before, limit }: Parameters<Audit["read"]>[0],
): readonly AuditEntry[] =>
  entries
    .filter((entry) => (before === undefined || entry.seq < before) && fits(entry))
    .slice(-limit)
    .reverse();

interface Options {
  readonly folder: string;
  /** Stays the same for the life of the data folder. */
  readonly key: Uint8Array;
  readonly log: Log;
  readonly now: () => number;
}

interface AuditFile {
  readonly entries: AuditLine[];
  /** Bytes of its whole lines; what follows is a piece of a line that a crash left and nobody was told of. */
  readonly size: number;
  readonly brokenAt: number | undefined;
}

const pathsIn = (folder: string) => ({
  lines: join(folder, "audit.jsonl"),
  head: join(folder, "audit.head"),
});

/** Reads and checks the file. */
export const readAuditFile = async (folder: string, key: Uint8Array): Promise<AuditFile> => {
  const { lines, head: headPath } = pathsIn(folder);
  // The head first: another process may append meanwhile, and then there are more lines than it says, never fewer.
  const head = existsSync(headPath) ? Number(await readFile(headPath, "utf8")) : 0;
  const content = existsSync(lines) ? await readFile(lines, "utf8") : "";
  const whole = content.slice(0, content.lastIndexOf("\n") + 1);
  const texts = whole.split("\n").slice(0, -1);
  const entries = texts.map(parseLine).filter((line) => line !== undefined);
  const brokenAt = findBreak(texts, key) ?? (entries.length < head ? entries.length + 1 : undefined);
  return { entries, size: Buffer.byteLength(whole), brokenAt };
};

/** Audit in a file of one JSON line per entry, appended and synced. Cutting off the end is found by the head kept in `audit.head`. */
export const createFileAudit = async ({ folder, key, log, now }: Options): Promise<Audit> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const paths = pathsIn(folder);
  const { entries, size: sizeBefore, brokenAt } = await readAuditFile(folder, key);
  if (brokenAt !== undefined) log.error({ seq: brokenAt }, "The audit log was changed outside the bot");

  const file = await open(paths.lines, "a", 0o600);
  await chmod(paths.lines, 0o600);
  await file.truncate(sizeBefore);
  const headFile = await open(paths.head, existsSync(paths.head) ? "r+" : "w", 0o600);
  let size = sizeBefore;
  let last: Promise<void> = Promise.resolve();

  const appendLine = async (text: string): Promise<void> => {
    try {
      await file.appendFile(text);
      await file.sync();
      size += Buffer.byteLength(text);
    } catch (cause) {
      // A piece of a line must not stand before the next one.
      await file.truncate(size).catch(() => undefined);
      throw new Failure(
        "unavailable",
        "The audit log could not be written. Check that the disk of the data folder has space.",
        { cause },
      );
    }
  };

  const write = async (event: AuditEvent): Promise<void> => {
    const line = nextLine(key, entries.at(-1), event, now());
    await appendLine(`${JSON.stringify(line)}\n`);
    entries.push(line);
    await headFile.write(String(line.seq).padStart(16, "0"), 0);
    await headFile.sync();
  };

  return {
    append: (event) => {
      const done = last.then(() => write(event));
      last = done.catch(() => undefined);
      return done;
    },
    read: (filter) => readEntries(entries, filter),
    brokenAt,
    close: async () => {
      await last;
      await file.close();
      await headFile.close();
    },
  };
};

/** What a look at a folder that another process works with sees; nothing is appended. */
export const lookAtFileAudit = async (folder: string, key: Uint8Array): Promise<Audit> => {
  const { entries, brokenAt } = await readAuditFile(folder, key);
  return {
    append: async () => undefined,
    read: (filter) => readEntries(entries, filter),
    brokenAt,
    close: async () => undefined,
  };
};
