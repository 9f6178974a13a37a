import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { describe, expect, it } from "vitest";
import { everySubject, hasSubject, platformFolders } from "./every-subject.ts";
import { platformContract } from "./platform.ts";

describe("the registry of platforms", () => {
  it("names every folder that there is, and nothing else", () => {
    expect(platforms.map(({ id }) => id).toSorted()).toEqual(platformFolders);
  });

  it.each(platformFolders)("%s has a subject for the contract", (id) => {
    expect(hasSubject(id)).toBe(true);
  });
});

for (const subject of await everySubject()) platformContract(subject);
