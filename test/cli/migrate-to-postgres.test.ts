import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type ProcessWorld, sendTo, startProcessWorld } from "../support/process-world.ts";

const script = join(import.meta.dirname, "../../bot/src/cli/migrate-to-postgres.ts");

const move = async (variables: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [script], { env: { PATH: process.env["PATH"], ...variables } });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
};

describe("migrate:to-postgres", () => {
  let server: PostgresServer;
  let processes: ProcessWorld;
  beforeAll(async () => {
    server = await startPostgres();
    processes = await startProcessWorld(github);
  });
  afterAll(async () => {
    await processes.end();
    await server.stop();
  });

  it("moves a bot with finished and live work: a live run goes on, an old delivery is still known", async () => {
    let finish: () => void = () => undefined;
    const moment = new Promise<void>((resolve) => {
      finish = resolve;
    });
    processes.agent.play((message) =>
      message.includes("long")
        ? [
            { do: "think", text: "On it." },
            { do: "until", moment },
            { do: "finish", message: "Long done." },
          ]
        : [{ do: "finish", message: "Short done." }],
    );
    const { world } = processes;
    const embedded = await processes.start();
    const spots = await Promise.all(
      [1, 2].map(() => world.open(world.people.writer, "issue", { title: "Fix it", text: "It is broken." })),
    );
    const [short, long] = spots;
    if (short === undefined || long === undefined) throw new Error("no issues");
    const hear = async (spot: typeof short, text: string) => {
      world.deliverTo(undefined);
      world.deliveries();
      await world.comment(world.people.writer, spot, text);
      const sent = world.deliveries();
      for (const one of sent) expect(await sendTo(embedded.port, one)).toBe(200);
      return sent;
    };
    const old = await hear(short, "@openhands the short one");
    await hear(long, "@openhands the long one");
    const has = (spot: typeof short, text: string): boolean =>
      processes.ours(spot).some((said) => said.text.includes(text));
    await processes.until("one done, one live", () => has(short, "closing-") && has(long, "working"));

    const database = await server.createDatabase();
    const variables = { DATA_DIR: processes.folder, DATABASE_URL: database.url };
    const running = await move(variables);
    expect(running.code).toBe(78);
    expect(running.said).toMatch(/in use by process \d+/);
    expect(await embedded.stop()).toBe(0);

    const moved = await move(variables);
    expect(moved.said).toMatch(/mentions +2\n/);
    expect(moved.said).toMatch(/runs +2\n/);
    expect(moved.code).toBe(0);
    expect(moved.said, "no secret is printed").not.toContain(database.url);

    const again = await move(variables);
    expect(again.code).toBe(78);
    expect(again.said).toContain("was moved before");
    await expect(processes.start(), "the folder is not used again by mistake").rejects.toThrow(
      "was moved to PostgreSQL",
    );

    const bot = await processes.start(database.url);
    for (const sent of old) expect(await sendTo(bot.port, sent)).toBe(200);
    finish();
    await processes.until("the live run ends in the database", () => has(long, "Long done."));
    await new Promise((next) => setTimeout(next, 500));
    expect(processes.ours(short)).toHaveLength(2);
    expect(processes.ours(long)).toHaveLength(2);
    expect(processes.agent.protocol.conversations.size).toBe(2);
    expect(bot.log(), "the audit chain moved whole").not.toContain("audit log was changed");
    expect(await bot.stop()).toBe(0);
    await database.drop();
  }, 90_000);

  it("says what is missing", async () => {
    const without = await move({ DATA_DIR: processes.folder });
    expect(without.code).toBe(78);
    expect(without.said).toContain("DATABASE_URL is not set");
    const elsewhere = await move({ DATA_DIR: "/nonexistent", DATABASE_URL: "postgres://u:p@127.0.0.1:1/x" });
    expect(elsewhere.code).toBe(78);
    expect(elsewhere.said).toContain("not the data folder of a bot");
  });
});
