import { describe, expect, it } from "vitest";
import { createClient, ProblemError } from "./client.ts";
import { contract } from "./contract.ts";
import { routes } from "./routes.ts";
import type { LiveEvent } from "./types.ts";

const answering = (answer: (url: string, init: RequestInit) => Response) => {
  const seen: { url: string; init: RequestInit }[] = [];
  const client = createClient({
    baseUrl: "https://bot.example.com",
    fetch: async (url, init) => {
      seen.push({ url: String(url), init: init ?? {} });
      return answer(String(url), init ?? {});
    },
    token: () => "device-token",
    csrfToken: () => "csrf",
  });
  return { client, seen };
};

describe("createClient", () => {
  it("fills the path, the query and the body, and sends token and CSRF token", async () => {
    const { client, seen } = answering(() => Response.json({ key: "k" }, { status: 201 }));
    const body = { url: "https://github.com/o/r/issues/1", text: "fix it", requestId: "12345678" };
    await client.call("ask", { params: { workspace: "w 1" }, body });
    await client.call("listRuns", { params: { workspace: "w1" }, query: { state: "done,failed", limit: 5 } });
    expect(seen[0]?.url).toBe("https://bot.example.com/api/v1/workspaces/w%201/asks");
    expect(seen[0]?.init.body).toBe(JSON.stringify(body));
    expect(seen[0]?.init.headers).toMatchObject({
      authorization: "Bearer device-token",
      "x-csrf-token": "csrf",
      "content-type": "application/json",
    });
    expect(seen[1]?.url).toBe(
      "https://bot.example.com/api/v1/workspaces/w1/runs?state=done%2Cfailed&limit=5",
    );
    expect(seen[1]?.init.headers).not.toHaveProperty("x-csrf-token");
  });

  it("answers nothing for a 204", async () => {
    const { client } = answering(() => new Response(null, { status: 204 }));
    expect(await client.call("signOut", {})).toBeUndefined();
  });

  it("throws the problem with its sentence and the time to wait", async () => {
    const problem = { type: "about:blank", title: "Too many", status: 429, detail: "Wait a minute." };
    const { client } = answering(() =>
      Response.json(problem, { status: 429, headers: { "retry-after": "60" } }),
    );
    const thrown = await client.call("getMe", {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProblemError);
    expect(thrown).toMatchObject({ message: "Wait a minute.", retryAfter: 60, problem: { status: 429 } });
  });

  it("says so when something else answers, or nobody does", async () => {
    const html = answering(() => new Response("<html>", { status: 502 }));
    await expect(html.client.call("getMe", {})).rejects.toThrow("is not one of this bot");
    const page = answering(() => new Response("<html>"));
    await expect(page.client.call("getMe", {})).rejects.toThrow("is not one of this bot");
    const silent = answering(() => {
      throw new TypeError("fetch failed");
    });
    await expect(silent.client.call("getMe", {})).rejects.toThrow("No answer from https://bot.example.com.");
  });

  it("reads events that arrive in pieces and connects again after the line broke", async () => {
    const pieces = [
      [": hi\n\nevent: run\nda", 'ta: {"event":"changed","what":"hooks"}\n', "\n"],
      ['data: {"event":"changed","what":"members"}\r\n\r\n'],
    ];
    let connection = 0;
    const { client } = answering(() => {
      const parts = pieces[connection++] ?? [];
      const encoder = new TextEncoder();
      return new Response(
        new ReadableStream({
          start(controller) {
            for (const part of parts) controller.enqueue(encoder.encode(part));
            controller.close();
          },
        }),
      );
    });
    const heard: LiveEvent[] = [];
    const stop = new AbortController();
    await client.watch(
      "w1",
      (event) => {
        heard.push(event);
        if (heard.length === 2) stop.abort();
      },
      stop.signal,
    );
    expect(heard.map((event) => (event.event === "changed" ? event.what : event.event))).toEqual([
      "hooks",
      "members",
    ]);
  });

  it("stops watching when the role is gone", async () => {
    const { client } = answering(() =>
      Response.json(
        { type: "about:blank", title: "No", status: 403, detail: "Not a member." },
        { status: 403 },
      ),
    );
    await expect(client.watch("w1", () => undefined, new AbortController().signal)).rejects.toThrow(
      "Not a member.",
    );
  });
});

describe("routes", () => {
  it("have one schema entry each, unique addresses, and a body only where one can be sent", () => {
    const names = Object.keys(routes) as (keyof typeof routes)[];
    expect(
      new Set(names.map((name) => `${routes[name].method} ${routes[name].path.replaceAll(/:[a-z]+/g, ":")}`))
        .size,
    ).toBe(names.length);
    for (const name of names) {
      if (routes[name].method === "GET" || routes[name].method === "DELETE")
        expect(contract[name], name).not.toHaveProperty("body");
      expect("status" in routes[name] && routes[name].status === 204, name).toBe(
        contract[name].reply.def.type === "undefined" && name !== "watchRuns",
      );
    }
  });
});
