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

/** Audit in a file of one JSON line per entry, appended and synced. Cutting off the end is found by the head kept in `audit.head`. */
export const createFileAudit = async ({ folder, key, log, now }: Options): Promise<Audit> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "audit.jsonl");
  const headPath = join(folder, "audit.head");
  const content = existsSync(path) ? await readFile(path, "utf8") : "";
  // A crash in the middle of an append leaves a piece of a line that nobody was told of.
  const whole = content.slice(0, content.lastIndexOf("\n") + 1);
  const texts = whole.split("\n").slice(0, -1);
  const entries: AuditLine[] = texts.map(parseLine).filter((line) => line !== undefined);
  const head = existsSync(headPath) ? Number(await readFile(headPath, "utf8")) : 0;
  const brokenAt = findBreak(texts, key) ?? (entries.length < head ? entries.length + 1 : undefined);
  if (brokenAt !== undefined) log.error({ seq: brokenAt }, "The audit log was changed outside the bot");

  const file = await open(path, "a", 0o600);
  await chmod(path, 0o600);
  if (whole.length < content.length) await file.truncate(Buffer.byteLength(whole));
  const headFile = await open(headPath, existsSync(headPath) ? "r+" : "w", 0o600);
  const writeHead = async (seq: number): Promise<void> => {
    await headFile.write(String(seq).padStart(16, "0"), 0);
    await headFile.sync();
  };

  let last: Promise<void> = Promise.resolve();
  const write = async (event: AuditEvent): Promise<void> => {
    const line = nextLine(key, entries.at(-1), event, now());
    try {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.sync();
    } catch (cause) {
      throw new Failure(
        "unavailable",
        "The audit log could not be written. Check that the disk of the data folder has space.",
        { cause },
      );
    }
    entries.push(line);
    await writeHead(line.seq);
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
