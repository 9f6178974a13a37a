import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { follow, followUp, isEnd, order } from "../contracts/agent.ts";
import { type GitServer, startGitServer } from "../fakes/git-http.ts";
import { type CheckedFetch, checkedFetch } from "./checked-fetch.ts";
import { realPython } from "./real-server.ts";
import { type RealSubject, startRealSubject } from "./real-subject.ts";

const textFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

describe.skipIf(realPython === undefined)("with a real agent server", () => {
  let subject: RealSubject;
  let git: GitServer;
  let checked: CheckedFetch;

  beforeAll(async () => {
    git = await startGitServer();
    subject = await startRealSubject(realPython ?? "", { openSocket: (url) => new WebSocket(url) });
    checked = await checkedFetch(subject.server.url);
  });
  afterAll(async () => {
    await subject.close();
    await git.close();
  });

  const agent = () =>
    createServerAgent(subject.facts, {
      fetch: checked.fetch,
      maxBatchWait: 1,
      openSocket: (url) => new WebSocket(url),
    });

  const repositoryOrder = () => {
    const url = git.cloneUrl.replace(/\.git$/, "");
    return order({
      repository: {
        platform: "any",
        host: new URL(url).host,
        name: "owner/name",
        url,
        cloneUrl: git.cloneUrl,
      },
      secrets: { GITHUB_TOKEN: git.token },
      cloneWith: { secret: "GITHUB_TOKEN", user: git.user },
    });
  };

  it("clones, lets the agent push with the person's token, and tells what was pushed and opened", async () => {
    const pr = `${git.cloneUrl.replace(/\.git$/, "")}/pull/7`;
    subject.play((_, { workingDir }) => [
      { do: "edit", path: "fix.txt", text: "fixed\n", summary: "Write the fix" },
      {
        do: "terminal",
        command: `cd ${workingDir} && git checkout -q -b openhands/fix && git add fix.txt && git commit -q -m "The fix" && echo committed`,
      },
      {
        do: "terminal",
        command: ": $GITHUB_TOKEN; git push origin openhands/fix",
        summary: "Push the branch",
      },
      { do: "terminal", command: `echo "gh pr create: ${pr}"` },
      { do: "terminal", command: "echo my token is $GITHUB_TOKEN" },
      { do: "finish", message: `Fixed. ${pr}` },
    ]);
    const one = repositoryOrder();
    const { events } = await follow(agent(), await agent().start(one), undefined, isEnd, 90);
    expect(events).toContainEqual({ type: "pushed", what: "openhands/fix" });
    expect(events).toContainEqual({ type: "pull-request", pullRequest: { url: pr, number: 7 } });
    expect(events.filter((event) => event.type === "step-failed")).toEqual([]);
    expect(await git.branches()).toMatchObject({ "openhands/fix": "The fix" });
    expect(JSON.stringify(events)).not.toContain(git.token);

    // The server keeps commands, outputs, events and a log: the token is in none of them.
    for (const file of await textFiles(subject.server.home)) {
      expect(await readFile(file, "latin1"), file).not.toContain(git.token);
    }
  });

  /** Numbers that commands printed, oldest first. */
  const outputsOf = async (id: string): Promise<readonly (string | undefined)[]> => {
    const answer = await fetch(`${subject.server.url}/api/conversations/${id}/events/search?limit=100`, {
      headers: { "x-session-api-key": subject.server.key },
    });
    return [...(await answer.text()).matchAll(/"text":"(\d+)"/g)].map((match) => match[1]);
  };

  it("lets a long clone go on while nobody waits for it, begins it once, and starts when it is there", async () => {
    const long = repositoryOrder();
    const began = git.fake.calls.length;
    const quick = git.fake.fail({ path: /info\/refs$/, delayMs: 4_000, times: Number.POSITIVE_INFINITY });
    expect(await agent().prepare?.(long)).toMatchObject({ state: "under-way" });
    const asked = Date.now();
    expect(await agent().isPreparing?.(long.runId)).toBe(true);
    expect(await agent().prepare?.(long)).toMatchObject({ state: "under-way" });
    expect(Date.now() - asked).toBeLessThan(4_000);
    await expect.poll(() => agent().isPreparing?.(long.runId), { timeout: 20_000 }).toBe(false);
    quick();
    expect(await agent().prepare?.(long)).toMatchObject({ state: "ready" });
    const packs = git.fake.calls.slice(began).filter(({ path }) => path.endsWith("/info/refs"));
    // Once without and once with the token.
    expect(packs).toHaveLength(2);
    const conversation = await agent().start(long);
    expect(await textFiles(conversation.memo?.["folder"] ?? "")).toContainEqual(
      expect.stringMatching(/README\.md$/),
    );
  });

  it("uses the fresh value of a secret that a follow-up brings", async () => {
    subject.play((message) => [
      {
        do: "terminal",
        command: 'printf %s "$SOME_KEY" | wc -c',
        summary: message.includes("again") ? "Second" : "First",
      },
      { do: "finish", message: "Counted." },
    ]);
    const conversation = await agent().start(order({ secrets: { SOME_KEY: "1234567" } }));
    const first = await follow(agent(), conversation);
    const next = await agent().say(
      conversation,
      followUp("Count again.", { secrets: { SOME_KEY: "12345678901" } }),
    );
    await follow(agent(), next, first.cursor);
    expect(await outputsOf(conversation.id)).toEqual(["7", "11"]);
  });

  it("uses the value of a secret that was renewed meanwhile", async () => {
    subject.play(() => [
      { do: "terminal", command: 'printf %s "$SOME_KEY" | wc -c', summary: "Count" },
      { do: "finish", message: "Counted." },
    ]);
    const conversation = await agent().start(order({ secrets: { SOME_KEY: "1234567" } }));
    const first = await follow(agent(), conversation);
    await agent().renew?.(conversation, { SOME_KEY: "123456789" });
    await follow(agent(), await agent().say(conversation, followUp("Count again.")), first.cursor);
    expect(await outputsOf(conversation.id)).toEqual(["7", "9"]);
  });

  it("wakes who listens soon after there is news, and stays silent after that", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((pass) => {
      open = pass;
    });
    subject.play(() => [
      { do: "until", moment: gate },
      { do: "finish", message: "Done." },
    ]);
    const conversation = await agent().start(order());
    const begun = await follow(agent(), conversation, undefined, (event) => event.type === "working");
    const stop = new AbortController();
    let wakes = 0;
    const woken = new Promise<void>((wake) => {
      agent().listen?.(
        conversation,
        () => {
          wakes += 1;
          if (wakes > 1) wake();
        },
        stop.signal,
      );
    });
    await new Promise((next) => setTimeout(next, 1_000));
    const opened = Date.now();
    open();
    await woken;
    expect(Date.now() - opened).toBeLessThan(3_000);
    expect((await follow(agent(), conversation, begun.cursor)).events.some(isEnd)).toBe(true);
    stop.abort();
    const then = wakes;
    await agent().say(conversation, followUp("More."));
    await new Promise((next) => setTimeout(next, 1_500));
    expect(wakes).toBe(then);
  });

  it("does not keep who steers waiting for the agent's long step, and says it once", async () => {
    subject.play((message) =>
      message.includes("Faster")
        ? [
            { do: "terminal", command: 'printf %s "$SOME_KEY" | wc -c', summary: "Count" },
            { do: "finish", message: "Went faster." },
          ]
        : [
            { do: "terminal", command: "sleep 6", summary: "A long one" },
            { do: "finish", message: "Went slowly." },
          ],
    );
    const hasty = createServerAgent(subject.facts, {
      fetch: checked.fetch,
      maxBatchWait: 1,
      sayPatience: 500,
    });
    const conversation = await hasty.start(order({ secrets: { SOME_KEY: "1234567" } }));
    const begun = await follow(hasty, conversation, undefined, (event) => event.type === "step");
    const asked = Date.now();
    const message = followUp("Faster please.", { secrets: { SOME_KEY: "12345678901" } });
    const steered = await hasty.say(begun.conversation, message);
    expect(Date.now() - asked).toBeLessThan(3_000);
    // Read by another, as after a restart.
    const { events } = await follow(agent(), steered, begun.cursor, isEnd, 60);
    expect(events.filter(isEnd)).toEqual([{ type: "ended", reason: "finished", summary: "Went faster." }]);
    expect(await outputsOf(conversation.id)).toContain("11");
    expect(await subject.messages(conversation.id)).toHaveLength(2);
  });

  it("tells the limit of steps as a budget, not as a mistake", async () => {
    subject.play(() =>
      Array.from({ length: 9 }, (_, n) => ({ do: "terminal" as const, command: `echo ${n}` })),
    );
    const limited = createServerAgent({ ...subject.facts, maxSteps: 3 }, { fetch: checked.fetch });
    const { events } = await follow(limited, await limited.start(order()), undefined, isEnd, 60);
    expect(events.findLast(isEnd)).toMatchObject({ type: "ended", reason: "budget" });
  });

  it("tells that the model cannot be reached", async () => {
    const deaf = createServerAgent(
      { ...subject.facts, model: { ...subject.facts.model, baseUrl: "http://127.0.0.1:9/v1" } },
      { fetch },
    );
    const { events } = await follow(deaf, await deaf.start(order()), undefined, isEnd, 60);
    expect(events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "error",
      detail: expect.stringMatching(/\w/),
    });
  });

  it("uses the server's own agent profile when the connection names no model, and says when it has none that works", async () => {
    const own = createServerAgent({ ...subject.facts, model: {} }, { fetch: checked.fetch });
    const check = await own.check();
    expect(check.detail).toContain("agent profile");
    const started = await own.start(order()).catch((error: unknown) => error);
    expect(String(started)).toMatch(/profile/i);
  });

  it("tells the truth after the server was killed in the middle of the work, and goes on when asked", async () => {
    subject.play((message) =>
      message.includes("go on")
        ? [{ do: "finish", message: "Went on." }]
        : [{ do: "terminal", command: "sleep 60", summary: "A long one" }],
    );
    const conversation = await agent().start(order());
    const begun = await follow(agent(), conversation, undefined, (event) => event.type === "step");
    await subject.server.restart();
    const broken = await follow(agent(), begun.conversation, begun.cursor, isEnd, 60);
    expect(broken.events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "error",
      detail: expect.stringMatching(/restart|interrupt|stopp/i),
    });
    const next = await agent().say(broken.conversation, followUp("Please go on."));
    const after = await follow(agent(), next, broken.cursor, isEnd, 60);
    expect(after.events.findLast(isEnd)).toMatchObject({
      type: "ended",
      reason: "finished",
      summary: "Went on.",
    });
  });

  it("was sent only requests that its own OpenAPI document allows", () => {
    expect(checked.count()).toBeGreaterThan(20);
    expect(checked.violations).toEqual([]);
  });
});
