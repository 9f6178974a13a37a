import type { Permission, Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

/** The code host of the bench: its repository, and the connection to it. */
export const facts = {
  platform: "forge",
  host: "forge.test",
  name: "acme/site",
  url: "https://forge.test/acme/site",
  cloneUrl: "https://forge.test/acme/site.git",
};

export const connection: Connection = {
  id: "c1",
  platform: "forge",
  host: "forge.test",
  owner: { kind: "workspace", id: "main" },
  kind: "token",
  name: "forge",
  settings: {},
  secretNames: [],
  active: true,
  createdAt: "2026-01-01T00:00:00Z",
};

/** A comment of ours, as the place shows it. */
export interface Post {
  readonly place: string;
  readonly marker: string;
  readonly part: string;
  words: string;
}

interface Parts {
  /** The effect of a call, or what goes wrong with it. */
  readonly effect: <Result>(call: string, work: () => Result) => Promise<Result>;
  readonly posts: Post[];
  /** What stands in text files, by address; everything else is a picture. */
  readonly files: ReadonlyMap<string, string>;
  readonly mayAsk: () => Permission;
  readonly mayWrite: () => Permission;
}

/** A code host that lives in memory. */
export const createForge = ({ effect, posts, files, mayAsk, mayWrite }: Parts): Platform => {
  return {
    id: "forge",
    name: "Forge",
    bodyLimit: 60_000,
    editEvery: 5_000,
    routes: [],
    mayAsk: () => effect("mayAsk", mayAsk),
    thread: () => effect("thread", () => ({ title: "Login", entries: [], repository: facts })),
    findRepository: async (_host, name) => ({ ...facts, name }),
    mayWrite: () => effect("mayWrite", mayWrite),
    findPost: (place, marker) =>
      effect("findPost", () => {
        const at = posts.findIndex((post) => post.place === place.key && post.marker === marker);
        return at === -1 ? undefined : { id: String(at) };
      }),
    post: (place, message) =>
      effect("post", () => {
        posts.push({
          place: place.key,
          marker: message.marker,
          part: message.part,
          words: JSON.stringify(message.blocks),
        });
        return { id: String(posts.length - 1) };
      }),
    editPost: (_place, ref, message) =>
      effect("editPost", () => {
        const post = posts[Number(ref.id)];
        if (post === undefined) throw new Failure("not-found", "deleted");
        post.words = JSON.stringify(message.blocks);
        return ref;
      }),
    attachment: async (_mention, url) => ({
      type: files.has(url) ? "text/plain" : "image/png",
      bytes: new TextEncoder().encode(files.get(url) ?? "picture"),
    }),
    inspect: () => Promise.reject(new Error("not used here")),
    explain: () => ({ heard: "ignored", why: "not used here" }),
  };
};
