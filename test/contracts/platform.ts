import { describe, expect, it } from "vitest";
import { hearing } from "./platform-hearing.ts";
import { managing } from "./platform-managing.ts";
import { reading } from "./platform-reading.ts";
import { receiving } from "./platform-receiving.ts";
import { speaking } from "./platform-speaking.ts";
import { type PlatformSubject, platformFeatures } from "./platform-subject.ts";
import { createTools } from "./platform-tools.ts";

/** What every platform folder must do, over real HTTP against its fake. */
export function platformContract(subject: PlatformSubject): void {
  describe(`the platform ${subject.id}`, () => {
    const tools = createTools(subject);
    describe("hears", () => hearing(tools));
    describe("receives", () => receiving(tools));
    describe("speaks", () => speaking(tools));
    describe("reads", () => reading(tools));
    describe("manages", () => managing(tools));
    it("is asked for every feature of the parity table", () => {
      expect([...tools.seen.features].toSorted()).toEqual([...platformFeatures].toSorted());
    });
  });
}
