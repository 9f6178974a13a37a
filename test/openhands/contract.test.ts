import { describe, it } from "vitest";
import { agentContract } from "../contracts/agent.ts";
import { realPython } from "./real-server.ts";
import { startRealSubject } from "./real-subject.ts";

if (realPython === undefined) {
  describe("The real agent server", () => {
    it.skip("is tested by `npx pnpm@12 test:openhands`, which prepares a Python for it", () => undefined);
  });
} else {
  agentContract("The agent server back end (real server)", () => startRealSubject(realPython ?? ""));
}
