import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "@ask-openhands/bot/cli/doctor/check.ts";
import { createClock } from "@ask-openhands/bot/cli/doctor/clock.ts";
import { placeOf } from "@ask-openhands/bot/people/connection-record.ts";
import { openPeople } from "@ask-openhands/bot/people/open-people.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeGitLab, startFakeGitLab } from "../fakes/gitlab/start.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { createKeptLog } from "../support/silent-log.ts";

const program = fileURLToPath(new URL("../../bot/src/cli/doctor.ts", import.meta.url));

interface Told {
  readonly status: number | null;
  readonly text: string;
  readonly errors: string;
}

let folder: string;
let gitlab: FakeGitLab;
let agent: FakeAgentServer;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  [gitlab, agent] = [await startFakeGitLab(), await startFakeAgentServer()];
  gitlab.addProject("acme/shop");
  token = gitlab.addToken(gitlab.addUser("helper", { bot: true }), [
    "api",
    "read_user",
    "read_repository",
    "write_repository",
  ]);
});
afterEach(async () => {
  await Promise.all([gitlab.close(), agent.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  DATA_DIR: join(folder, "data"),
  GITLAB_URL: gitlab.url,
  GITLAB_TOKEN: token,
  OPENHANDS_SERVER_URL: agent.fake.url,
  OPENHANDS_SESSION_API_KEY: agent.key,
  OPENHANDS_LLM_MODEL: "stub",
  ...more,
});

const doctor = (variables: Record<string, string>, ...args: string[]): Promise<Told> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env["PATH"] ?? "", ...variables },
    });
    let [text, errors] = ["", ""];
    child.stdout.on("data", (part) => {
      text += String(part);
    });
    child.stderr.on("data", (part) => {
      errors += String(part);
    });
    child.on("close", (status) => resolve({ status, text, errors }));
  });

const checksOf = ({ text }: Told): readonly Check[] =>
  (JSON.parse(text) as { readonly checks: readonly Check[] }).checks;

describe("doctor", () => {
  it("finds a bot that is set up well healthy, and changes nothing", async () => {
    const told = await doctor(environment(), "--json");
    const checks = checksOf(told);
    expect(checks.filter(({ state }) => state === "problem")).toEqual([]);
    expect(told.status).toBe(0);
    for (const name of [/^Settings$/, /^GitLab: /, /^OpenHands: /, /^Clock$/])
      expect(
        checks.find((check) => name.test(check.name)),
        String(name),
      ).toMatchObject({ state: "ok" });
    expect(checks.find(({ name }) => name.startsWith("Webhooks of GitLab"))?.detail).toMatch(
      /installed|polling/,
    );
    expect(existsSync(join(folder, "data"))).toBe(false);
    expect(told.text + told.errors).not.toContain(token);
  });

  it("says what is wrong with each thing and what to do, and ends with 1", async () => {
    const told = await doctor(
      environment({
        GITLAB_TOKEN: "glpat-wrong-token-0123456789",
        OPENHANDS_SESSION_API_KEY: "wrong-session-key",
      }),
    );
    expect(told.status).toBe(1);
    expect(told.text).toMatch(/✗ GitLab: .+\.\n/);
    expect(told.text).toMatch(/✗ OpenHands: .+\.\n/);
    expect(told.text).toContain("2 problems found.");
    expect(told.text).not.toMatch(/glpat-wrong|wrong-session/);
  });

  it("names missing scopes", async () => {
    const narrow = gitlab.addToken(gitlab.addUser("narrow", { bot: true }), ["read_user"]);
    const told = await doctor(environment({ GITLAB_TOKEN: narrow }), "--json");
    expect(told.status).toBe(1);
    expect(checksOf(told).some(({ state, detail }) => state === "problem" && /\bapi\b/.test(detail))).toBe(
      true,
    );
  });

  it("tells wrong variables instead of looking further", async () => {
    const told = await doctor(environment({ PORT: "many", RUN_TIMEOUT: "soon" }), "--json");
    expect(told.status).toBe(1);
    expect(checksOf(told).map(({ name }) => name)).toEqual(["PORT", "RUN_TIMEOUT"]);
    expect((await doctor(environment(), "--jsno")).status).toBe(2);
  });

  it("looks at a folder that a running bot has, without touching it or using up a refresh token", async () => {
    const reading = readSettings(environment(), catalog);
    if ("problems" in reading) throw new Error(JSON.stringify(reading.problems));
    const people = await openPeople({
      settings: reading.settings,
      catalog,
      log: createKeptLog(),
      now: Date.now,
      traits: () => undefined,
    });
    const owner = { kind: "workspace", id: "main" } as const;
    const seal = (field: string) =>
      people.seal.seal(`canary-${field}-0123456789`, placeOf("oauth-1", owner, field));
    await people.directory.write([
      {
        put: "connections",
        id: "oauth-1",
        value: {
          platform: "gitlab",
          host: gitlab.host,
          owner,
          kind: "oauth",
          name: "Application",
          settings: { baseUrl: gitlab.url, clientId: "c", expiresAt: new Date(0).toISOString() },
          secrets: {
            clientSecret: seal("client"),
            accessToken: seal("access"),
            refreshToken: seal("refresh"),
          },
          active: true,
          createdBy: "p",
          createdAt: new Date(0).toISOString(),
        },
      },
    ]);
    const read = () =>
      readdirSync(join(folder, "data")).map((name) => [
        name,
        readFileSync(join(folder, "data", name), "latin1"),
      ]);
    const before = read();
    const told = await doctor(environment(), "--json");
    expect(read()).toEqual(before);
    expect(checksOf(told).find(({ name }) => name.includes("Application"))).toMatchObject({
      state: "unknown",
      detail: expect.stringContaining("renewed by the running bot"),
    });
    expect(gitlab.server.callsTo("/oauth/token")).toEqual([]);
    await people.close();
    chmodSync(join(folder, "data"), 0o755);
    expect(
      checksOf(await doctor(environment(), "--json")).find(({ name }) => name === "Data folder"),
    ).toMatchObject({ state: "problem", cure: expect.stringContaining("chmod 700") });
  });
});

describe("the clock", () => {
  const at = Date.parse("2026-03-01T12:00:00.400Z");
  const answering = (dates: readonly string[]): typeof fetch => {
    const rest = [...dates];
    return async () => new Response("", { headers: { date: rest.shift() ?? "" } });
  };
  const check = async (...dates: string[]): Promise<Check> => {
    const clock = createClock(answering(dates), () => at);
    for (const _date of dates) await clock.fetch("https://a.test/");
    return clock.check();
  };

  it("is right within a minute, and one server that is wrong does not change that", async () => {
    expect(await check("Sun, 01 Mar 2026 12:00:00 GMT")).toMatchObject({ state: "ok" });
    expect(
      await check(
        "Sun, 01 Mar 2026 11:59:10 GMT",
        "Sun, 01 Mar 2026 12:00:00 GMT",
        "Mon, 02 Mar 2026 12:00:00 GMT",
      ),
    ).toMatchObject({ state: "ok" });
  });

  it("that is minutes ahead or behind is a problem with its cure", async () => {
    expect(await check("Sun, 01 Mar 2026 11:55:00 GMT")).toMatchObject({
      state: "problem",
      detail: "It is 300 seconds ahead, by a.test.",
      cure: expect.stringContaining("NTP"),
    });
    expect(await check("Sun, 01 Mar 2026 12:10:00 GMT")).toMatchObject({
      state: "problem",
      detail: expect.stringContaining("behind"),
    });
  });

  it("cannot be told when no server says the time", async () => {
    expect(await check()).toMatchObject({ state: "unknown" });
    expect(await check("nonsense")).toMatchObject({ state: "unknown" });
  });
});
