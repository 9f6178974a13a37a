import { afterEach, expect, it, vi } from "vitest";
import { createRequester } from "./requester.ts";

afterEach(() => vi.restoreAllMocks());

it("bounds what changes something, so that nothing is on its way when a lost post is looked for", async () => {
  const bounds = vi.spyOn(AbortSignal, "timeout");
  const { answer } = createRequester({
    baseUrl: "https://git.example.com",
    fetch: async () => Response.json({}),
    token: async () => "token-0123456789",
    now: Date.now,
  });
  const ask = (method: string) =>
    answer("projects/1/issues/2/notes", { method, prefixUrl: "/api/v4", headers: {} });
  await ask("POST");
  await ask("GET");
  expect(bounds.mock.calls).toEqual([[10_000], [30_000]]);
});
