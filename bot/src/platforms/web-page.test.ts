import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { describe, expect, it } from "vitest";
import type { Platform } from "./platform.ts";
import { isWebPage, quietAtPages, webPagePlace } from "./web-page.ts";

const pageAt = (url: string) => {
  const page = findPage("github", url);
  if (page === undefined) throw new Error(url);
  return page;
};

const file = webPagePlace(pageAt("https://github.com/acme/shop/blob/main/src/retry.js#L2-L4"), {
  repository: "acme/shop",
  connection: "c1",
});

/** A platform that notes what it is asked to do. */
const noting = () => {
  const done: string[] = [];
  const note =
    <Result>(name: string, result: Result) =>
    async (): Promise<Result> => {
      done.push(name);
      return result;
    };
  const platform = quietAtPages({
    thread: note("thread", { title: "of the platform", entries: [] }),
    findPost: note("findPost", undefined),
    post: note("post", { id: "1" }),
    editPost: note("editPost", { id: "1" }),
    react: note("react", undefined),
  } as unknown as Platform);
  return { done, platform };
};

const askAt = async (kind: "page" | "issue") => {
  const { done, platform } = noting();
  const place = { ...file, kind };
  const mention = { place } as Mention;
  const message = { marker: "m", blocks: [] } as unknown as Message;
  const thread = await platform.thread(mention);
  const found = await platform.findPost(place, "m", { reply: {} });
  const posted = await platform.post(place, message, { reply: {} });
  await platform.editPost(place, posted, message);
  await platform.react?.(mention, "seen");
  return { done, thread, found, posted };
};

describe("a page where nobody talks", () => {
  it("is a repository, a file or a CI run, not an issue or a pull request", () => {
    const kinds = ["", "/blob/main/a.ts", "/actions/runs/9", "/issues/1", "/pull/2", "/pull/2/files"];
    expect(kinds.map((path) => isWebPage(pageAt(`https://github.com/acme/shop${path}`)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("is one place whatever lines are chosen on it", () => {
    const other = webPagePlace(pageAt("https://github.com/acme/shop/blob/main/src/retry.js"), {
      repository: "acme/shop",
      connection: "c1",
    });
    expect(other.key).toBe(file.key);
    expect(file).toMatchObject({ kind: "page", label: "retry.js", repository: "acme/shop" });
  });

  it("gets no post and no reaction, and tells no thread", async () => {
    const { done, thread, posted } = await askAt("page");
    expect(done).toEqual([]);
    expect(thread.entries).toEqual([]);
    expect(posted.url).toBeUndefined();
  });

  it("takes nothing from places where people talk", async () => {
    const { done, thread } = await askAt("issue");
    expect(done).toEqual(["thread", "findPost", "post", "editPost", "react"]);
    expect(thread.title).toBe("of the platform");
  });
});
