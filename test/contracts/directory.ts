import type { Directory } from "@ask-openhands/bot/people/directory.ts";
import type { PersonRecord } from "@ask-openhands/bot/people/records.ts";
import { afterEach, describe, expect, it } from "vitest";

export interface DirectorySubject {
  /** Opens the same data again with each call. */
  open(): Promise<Directory>;
  end(): Promise<void>;
}

const person = (name: string): PersonRecord => ({ name, createdAt: "2026-01-01T00:00:00.000Z" });

/** What every directory keeps, whatever it is kept in. */
export const describeDirectory = (name: string, begin: () => Promise<DirectorySubject>): void => {
  describe(`Directory in ${name}`, () => {
    const ends: (() => Promise<void>)[] = [];
    const start = async (): Promise<{
      readonly directory: Directory;
      readonly again: () => Promise<Directory>;
    }> => {
      const subject = await begin();
      let directory = await subject.open();
      ends.push(async () => {
        await directory.close();
        await subject.end();
      });
      const again = async (): Promise<Directory> => {
        await directory.close();
        directory = await subject.open();
        return directory;
      };
      return { directory, again };
    };
    afterEach(async () => {
      for (const end of ends.splice(0)) await end();
    });

    it("has nothing at first", async () => {
      const { directory } = await start();
      expect(directory.get("people", "a")).toBeUndefined();
      expect(directory.list("people")).toEqual([]);
    });

    it("keeps documents over a restart, with growing versions, in the order of their first storing", async () => {
      const { directory, again } = await start();
      for (const id of ["c", "a", "b"])
        expect(await directory.write([{ put: "people", id, value: person(id) }])).toBe("stored");
      await directory.write([{ put: "people", id: "a", value: person("A") }]);
      const reopened = await again();
      expect(reopened.list("people").map(({ id, version, value }) => [id, version, value.name])).toEqual([
        ["c", 1, "c"],
        ["a", 2, "A"],
        ["b", 1, "b"],
      ]);
    });

    it("forgets what was removed, over a restart too", async () => {
      const { directory, again } = await start();
      await directory.write([{ put: "people", id: "a", value: person("a") }]);
      await directory.write([{ remove: "people", id: "a" }]);
      expect(directory.get("people", "a")).toBeUndefined();
      expect((await again()).get("people", "a")).toBeUndefined();
    });

    it("changes nothing when one of several versions does not hold", async () => {
      const { directory } = await start();
      await directory.write([{ put: "people", id: "a", value: person("a") }]);
      const answer = await directory.write([
        { put: "people", id: "b", value: person("b") },
        { put: "people", id: "a", value: person("A"), ifVersion: 7 },
      ]);
      expect(answer).toBe("conflict");
      expect(directory.get("people", "b")).toBeUndefined();
      expect(directory.get("people", "a")?.value.name).toBe("a");
    });

    it("lets exactly one of many take something that can be taken once", async () => {
      const { directory } = await start();
      await directory.write([{ put: "people", id: "ticket", value: person("once") }]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => directory.write([{ remove: "people", id: "ticket", ifVersion: 1 }])),
      );
      expect(answers.filter((answer) => answer === "stored")).toHaveLength(1);
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          directory.write([{ put: "people", id: "first", value: person(`${index}`), ifVersion: 0 }]),
        ),
      );
      expect(made.filter((answer) => answer === "stored")).toHaveLength(1);
    });

    it("tells watchers what changed, and nothing of conflicts", async () => {
      const { directory } = await start();
      const heard: string[] = [];
      const stop = directory.watch((changes) =>
        heard.push(...changes.map(({ collection, id }) => `${collection}/${id}`)),
      );
      await directory.write([
        { put: "people", id: "a", value: person("a") },
        { remove: "links", id: "none" },
      ]);
      await directory.write([{ put: "people", id: "a", value: person("b"), ifVersion: 9 }]);
      stop();
      await directory.write([{ put: "people", id: "b", value: person("b") }]);
      expect(heard).toEqual(["people/a", "links/none"]);
    });

    it("keeps any id and text, also those that trip careless code", async () => {
      const { directory, again } = await start();
      const ids = ["__proto__", "constructor", "a.b/c", "ü\u2028\u0000\"'\\", ""];
      for (const id of ids) await directory.write([{ put: "people", id, value: person(`name of ${id}`) }]);
      const reopened = await again();
      for (const id of ids) expect(reopened.get("people", id)?.value.name).toBe(`name of ${id}`);
      expect(({} as Record<string, unknown>)["name"]).toBeUndefined();
    });

    it("makes a thousand changes at once durable together", async () => {
      const { directory, again } = await start();
      await Promise.all(
        Array.from({ length: 1_000 }, (_, index) =>
          directory.write([{ put: "people", id: `p${index}`, value: person("x") }]),
        ),
      );
      expect((await again()).list("people")).toHaveLength(1_000);
    });
  });
};
