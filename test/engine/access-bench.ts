import type { Permission, Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import { makeAuthor, makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

/** The engine bench with a chat beside the code host: its accounts say nothing of code, its room means `acme/site`. */
export interface AccessBench extends EngineBench {
  /** What accounts of the code host may do, by id; what is missing fails as unavailable. */
  readonly rights: Map<string, Permission>;
  /** Ask `id` in thread `thread`. */
  ask(id: number, part?: Partial<Author>, thread?: number): Mention;
  /** From now on the policy says this of every ask. */
  sayOpened(): void;
  /** From now on the room means one of these, and cannot tell which. */
  offer(repositories: readonly string[]): void;
  words(): string;
}

const threadOf = (number: number) =>
  makePlace(`chat-${number}`, {
    platform: "chat",
    host: "T01",
    key: `chat:T01:${number}`,
    kind: "thread",
    label: "#general",
    repository: undefined,
    address: { channel: "C01" },
  });

export const startAccessBench = async (part: Partial<WorkspaceSettings> = {}): Promise<AccessBench> => {
  const bench = await startEngineBench(part);
  const rights = new Map<string, Permission>();
  let offered: readonly string[] = [];
  bench.permitElsewhere({ may: "after-linking", why: "We have no token of yours." });
  const platforms = bench.deps.platforms as Map<string, Platform>;
  const forge = platforms.get("forge");
  if (forge === undefined) throw new Error("the bench has no forge");
  const { findRepository: _found, mayWrite: _rights, ...said } = forge;
  platforms.set("forge", {
    ...forge,
    mayAccountWrite: async ({ id }) => rights.get(id) ?? forge.mayAsk(makeAuthor({ id }), makePlace()),
  });
  platforms.set("chat", {
    ...said,
    id: "chat",
    name: "Chat",
    accountsKnowRepositories: false,
    roomOf: ({ address }) => [address["channel"] ?? ""],
    mayAsk: async () => ({ may: true }),
    thread: async () => ({ title: "Login", entries: [] }),
    chooseRepository: async () => {
      if (offered.length > 0) return { candidates: offered, why: "There are several." };
      const found = await forge.findRepository?.("forge.test", "acme/site", { workspaceId: "main" });
      return found === undefined ? { candidates: [], why: "Nothing." } : { found };
    },
  });
  return {
    ...bench,
    rights,
    ask: (id, author = {}, thread = 1) =>
      makeMention(id, {
        key: `chat:T01:message:${id}`,
        place: threadOf(thread),
        author: makeAuthor({ platform: "chat", host: "T01", ...author }),
      }),
    sayOpened: () => {
      const { judge } = bench.deps.policy;
      Object.assign(bench.deps.policy, {
        judge: (...asked: Parameters<typeof judge>) => ({ ...judge(...asked), opened: true }),
      });
    },
    offer: (repositories) => {
      offered = repositories;
    },
    words: () => bench.posts.map(({ words }) => words).join("\n"),
  };
};
