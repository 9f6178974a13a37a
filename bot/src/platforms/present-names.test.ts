import { Failure } from "@ask-openhands/core/failure.ts";
import { describe, expect, it } from "vitest";
import { createPresentNames, type NamedRepository } from "./present-names.ts";

const minute = 60_000;

/** A server with one repository that was called `a/old` when it was heard of. */
const setUp = (server: Record<string, NamedRepository>) => {
  let time = 0;
  const looked: string[] = [];
  const names = createPresentNames(() => time);
  const sought = {
    connection: "c",
    id: "7",
    told: "a/old",
    look: async (name: string) => {
      looked.push(name);
      return server[name];
    },
  };
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { names, sought, looked, pass };
};

describe("present names", () => {
  it("are asked for once a minute, by all together, and told by deliveries for nothing", async () => {
    const { names, sought, looked, pass } = setUp({ "a/old": { id: "7", name: "a/new" } });
    expect(await Promise.all([names.of(sought), names.of(sought)])).toEqual(["a/new", "a/new"]);
    expect(looked).toEqual(["a/old"]);
    names.learn("c", { id: "7", name: "b/newer" });
    names.learn("another", { id: "7", name: "not/ours" });
    expect(await names.of(sought)).toBe("b/newer");
    pass(minute);
    await names.of(sought);
    expect(looked).toEqual(["a/old", "b/newer"]);
  });

  it("stay as told where nobody knows better", async () => {
    const { names, sought, looked } = setUp({});
    expect(await names.of(sought)).toBe("a/old");
    expect(await names.of({ ...sought, id: undefined })).toBe("a/old");
    expect(looked).toHaveLength(1);
  });

  it("refuse a name that is another repository's", async () => {
    const { names, sought } = setUp({ "a/old": { id: "8", name: "a/old" } });
    await expect(names.of(sought)).rejects.toMatchObject({ kind: "not-found" });
  });

  it.each([
    ["nothing is there", new Failure("not-found", "No.", { status: 404 })],
    ["nothing is there for us", new Failure("not-allowed", "No.", { status: 403 })],
    ["it is elsewhere", new Failure("unexpected-reply", "No.", { status: 301 })],
  ])("are looked up at once when the server says that %s", async (_why, refusal) => {
    const { names, sought } = setUp({ "a/old": { id: "7", name: "a/new" } });
    names.learn("c", { id: "7", name: "a/old" });
    const tried: string[] = [];
    const work = async (name: string): Promise<string> => {
      tried.push(name);
      if (name === "a/old") throw refusal;
      return "done";
    };
    expect(await names.under(sought, work)).toBe("done");
    expect(tried).toEqual(["a/old", "a/new"]);
  });

  it("leave a refusal as it is when the repository is where it was, or cannot be asked about", async () => {
    const refusal = new Failure("not-allowed", "Locked.", { status: 403 });
    const { names, sought } = setUp({ "a/old": { id: "7", name: "a/old" } });
    const refused = () => Promise.reject(refusal);
    await expect(names.under(sought, refused)).rejects.toBe(refusal);
    const silent = { ...sought, look: () => Promise.reject(new Failure("unavailable", "Away.")) };
    await expect(names.under(silent, refused)).rejects.toBe(refusal);
  });
});
