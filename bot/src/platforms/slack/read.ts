import { Failure } from "@ask-openhands/core/failure.ts";
import type { SlackMessage } from "@ask-openhands/core/wire/slack.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { RepositoryFacts, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { chooseRepository } from "../choose-repository.ts";
import type { PlatformDeps } from "../deps.ts";
import type { OnBehalf, Permission, Platform } from "../platform.ts";
import { isSlackAddress } from "./api-address.ts";
import type { SlackRooms } from "./connect.ts";
import { ownRuns } from "./own-runs.ts";
import type { SlackPeople } from "./people.ts";
import { messageUrl, timeOfTs } from "./place.ts";
import { createSlackThreads, type ThreadLook } from "./read-thread.ts";
import { slackToMarkdown } from "./text.ts";

/** Messages of a thread that the agent may be told, before the ask and after it; of them the newest are kept by the prompt's budget. */
const mostMessages = 200;
const titleLength = 80;
const recentRuns = 20;
/** Milliseconds that a look at a thread is kept, and how many are. */
const lookKept = 15_000;
const mostLooks = 500;

type Reading = Required<Pick<Platform, "mayAsk" | "thread" | "chooseRepository" | "attachment">>;

/** The repositories of this person's newest runs, each once. */
export const recentRepositories = async (
  deps: PlatformDeps,
  author: Author,
  connectionId: string | undefined,
): Promise<readonly { readonly host: string; readonly name: string }[]> => {
  const runs = await ownRuns(deps, author, connectionId, recentRuns);
  const found = runs.flatMap(({ repository }) =>
    repository === undefined ? [] : [{ host: repository.host, name: repository.name }],
  );
  return [...new Map(found.map((one) => [`${one.host}/${one.name}`, one])).values()];
};

/** The body, as far as it may go; a longer one is not read to its end. */
const readAtMost = async (answer: Response, limit: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > limit)
      throw new Failure("bad-input", `The file is larger than ${Math.floor(limit / 1024)} kB.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
};

/** The thread's first message, those before the ask that are nearest to it, and the first after it. */
const around = (mention: Mention, { messages, whole }: ThreadLook): ThreadLook => {
  const isRoot = ({ ts }: SlackMessage): boolean => ts === mention.place.address["thread"];
  const others = messages.filter((message) => !isRoot(message));
  const first = others.findIndex(({ ts }) => timeOfTs(ts) >= mention.at);
  const cut = first < 0 ? others.length : first;
  return {
    messages: [
      ...messages.filter(isRoot),
      ...others.slice(Math.max(0, cut - mostMessages), cut),
      ...others.slice(cut, cut + mostMessages),
    ],
    whole,
  };
};

/** What Slack tells of a thread and of the people in it. */
export const createReading = (deps: PlatformDeps, rooms: SlackRooms, people: SlackPeople): Reading => {
  const threads = createSlackThreads(deps, rooms);
  const handleAt = (connection: string | undefined): string => deps.handles(connection)[0] ?? "@openhands";

  const entryOf = async (mention: Mention, message: SlackMessage): Promise<ThreadEntry> => {
    const { place } = mention;
    const connection = rooms.forPlace(place);
    const id = message.user || message.bot_id || "unknown";
    const own = rooms.isOwn(place.host, id);
    const kind = ((): Author["kind"] => {
      if (own) return "self";
      return message.bot_id ? "bot" : "person";
    })();
    const displayName = message.user
      ? await people.nameOf(connection, message.user)
      : (message.username ?? id);
    const reader = {
      handle: handleAt(place.connection),
      isUs: (user: string) => rooms.isOwn(place.host, user),
    };
    const files = (message.files ?? []).map((file) => `[file: ${file.name ?? file.title ?? "unnamed"}]`);
    return {
      author: { platform: "slack", host: place.host, id, name: id, displayName, kind },
      at: timeOfTs(message.ts),
      ...(message.edited?.ts ? { editedAt: timeOfTs(message.edited.ts) } : {}),
      text: [slackToMarkdown(message.text ?? "", reader), ...files].filter(Boolean).join("\n"),
      // By its address an ask is known again that a conversation was told already.
      ...(message.ts ? { url: messageUrl(place.host, place.address["channel"] ?? "", message.ts) } : {}),
    };
  };

  const lookAt = async (mention: Mention): Promise<ThreadLook> => {
    const { channel, thread } = mention.place.address;
    if (channel === undefined || thread === undefined) return { messages: [], whole: true };
    return around(mention, await threads.read(rooms.forPlace(mention.place), { channel, thread }));
  };

  /** One look at a thread serves all the questions about an ask: Slack allows fifty looks a minute. */
  const looks = new Map<string, { readonly at: number; readonly look: Promise<ThreadLook> }>();
  const lookOf = async (mention: Mention): Promise<ThreadLook> => {
    const known = looks.get(mention.key);
    if (known !== undefined && Math.abs(deps.now() - known.at) < lookKept) return known.look;
    if (looks.size >= mostLooks) looks.clear();
    const look = lookAt(mention);
    looks.set(mention.key, { at: deps.now(), look });
    look.catch(() => looks.delete(mention.key));
    return look;
  };

  /** Said where the missing messages would be read: an agent that knows only a part has to know that. */
  const gapOf = (mention: Mention, known: readonly ThreadEntry[]): ThreadEntry => {
    const last = known.findLast(({ at }) => at < mention.at);
    const end = last === undefined ? "" : ` The last one that is here is of ${last.at}.`;
    return {
      author: { platform: "slack", host: mention.place.host, id: "slack", name: "Slack", kind: "bot" },
      at: new Date(Date.parse(mention.at) - 1).toISOString(),
      text: `[Slack let only a part of this thread be read: messages are missing, maybe the newest ones.${end}]`,
    };
  };

  const lastOf = async (mention: Mention, onBehalf: OnBehalf): Promise<RepositoryFacts | undefined> => {
    const [last] = await recentRepositories(deps, mention.author, mention.place.connection);
    return last === undefined ? undefined : (await deps.findRepositories(last, onBehalf))[0];
  };

  return {
    async mayAsk(author, place): Promise<Permission> {
      const connection = rooms.forPlace(place);
      const user = await people.user(connection, author.id);
      if (user.gone) return { may: false, why: "This Slack account is deactivated." };
      if (user.outsider && !deps.roomRules(connection.id).allowGuests) {
        return {
          may: false,
          why: "Guests and people of other companies may not ask OpenHands here.",
          cure: "A maintainer can allow them in the workspace's settings.",
        };
      }
      // What the account may do with code is another question: the link or the opened channel answers it.
      return { may: true };
    },

    async thread(mention) {
      await rooms.self(rooms.forPlace(mention.place));
      const look = await lookOf(mention);
      const messages = look.messages.filter((message) => message.ts !== mention.reply["ts"]);
      const entries = await Promise.all(messages.map((message) => entryOf(mention, message)));
      const gap = look.whole ? [] : [gapOf(mention, entries)];
      // The thread's first message is what it is about: its description, unless it is the ask itself.
      const root = entries.find((entry) => entry.at === timeOfTs(mention.place.address["thread"]));
      // The title is no place for what the asker did not see either.
      const changed = Date.parse(root?.editedAt ?? "") >= Date.parse(mention.at);
      const [line = ""] = ((changed ? "" : root?.text) || mention.text)
        .split("\n")
        .map((one) => one.trim())
        .filter(Boolean);
      return {
        title: line.length > titleLength ? `${line.slice(0, titleLength - 1)}…` : line || mention.place.label,
        ...(root === undefined
          ? {}
          : {
              description: {
                author: root.author,
                text: root.text,
                at: root.at,
                ...(root.editedAt === undefined ? {} : { editedAt: root.editedAt }),
              },
            }),
        entries: [...entries, ...gap]
          .filter((entry) => entry !== root)
          .sort((one, other) => one.at.localeCompare(other.at)),
        ...(mention.attachments === undefined ? {} : { attachments: mention.attachments }),
      };
    },

    async chooseRepository(mention, thread) {
      const { place } = mention;
      const workspaceId = deps.workspaceOf(rooms.forPlace(place).id);
      const personId = deps.connections.personOf("slack", place.host, mention.author.id, workspaceId);
      const channel = place.address["channel"] ?? "";
      const preset = deps
        .defaultRepositories(place.connection)
        .map((entry) => entry.trim())
        .find((entry) => entry.startsWith(`${channel}=`) || entry.startsWith(`${place.label}=`));
      const onBehalf = { personId, workspaceId };
      const clues = { links: [], onBehalf, find: deps.findRepositories };
      const named = await chooseRepository({
        ...clues,
        ask: mention.text,
        ...(preset === undefined ? {} : { preset: preset.slice(preset.indexOf("=") + 1) }),
        around: [],
      });
      if ("found" in named || named.candidates.length > 0) return named;
      const own = deps.ownAccounts?.describe(mention.author, onBehalf.workspaceId)?.defaultRepository;
      const [chosen] = own === undefined ? [] : await deps.findRepositories({ name: own }, onBehalf);
      if (chosen !== undefined) return { found: chosen };
      const last = await lastOf(mention, onBehalf);
      if (last !== undefined) return { found: last };
      const around = thread.entries
        .filter((entry) => entry.author.kind === "person")
        .map((entry) => entry.text);
      return chooseRepository({ ...clues, ask: "", around });
    },

    async attachment(mention, url, limit) {
      const connection = rooms.forPlace(mention.place);
      if (!isSlackAddress(url, connection)) throw new Failure("bad-input", "This file is not kept at Slack.");
      const token =
        deps.connections.secret(connection, "botToken") ??
        deps.connections.secret(connection, "accessToken") ??
        "";
      const answer = await deps.fetch(url, {
        headers: { authorization: `Bearer ${token}` },
        redirect: "manual",
        signal: AbortSignal.timeout(20_000),
      });
      const type = answer.headers.get("content-type") ?? "application/octet-stream";
      // Without the scope files:read Slack answers with its sign-in page.
      if (!answer.ok || type.includes("text/html"))
        throw new Failure(
          "not-allowed",
          "Slack does not give us this file: the scope files:read is missing.",
        );
      return { type, bytes: await readAtMost(answer, limit) };
    },
  };
};
