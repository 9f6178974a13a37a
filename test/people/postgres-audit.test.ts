import { createPostgresAudit } from "@ask-openhands/bot/people/postgres-audit.ts";
import pg from "pg";
import { expect, it } from "vitest";
import { startPostgres } from "../support/postgres.ts";
import { createKeptLog } from "../support/silent-log.ts";

const server = startPostgres();
const key = new Uint8Array(32).fill(5);

it("is one chain for all processes, and a changed, swapped or cut entry is found", async () => {
  const { url, drop } = await (await server).createDatabase();
  const open = () => createPostgresAudit({ url, key, log: createKeptLog(), now: () => 0 });
  const both = await Promise.all([open(), open()]);
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      both[index % 2]?.append({ action: "test.done", detail: `number ${index}` }),
    ),
  );
  await Promise.all(both.map((audit) => audit.close()));

  const whole = await open();
  expect(whole.brokenAt).toBeUndefined();
  const read = whole.read({ fits: () => true, limit: 100 });
  expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => 40 - index));
  await whole.close();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const brokenAfter = async (sql: string): Promise<number | undefined> => {
    await client.query(sql);
    const audit = await open();
    await audit.close();
    return audit.brokenAt;
  };
  expect(await brokenAfter("DELETE FROM ask_openhands.audit WHERE seq = 40")).toBe(40);
  expect(
    await brokenAfter(
      "UPDATE ask_openhands.audit SET line = replace(line, 'test.done', 'test.gone') WHERE seq = 17",
    ),
  ).toBe(17);
  expect(await brokenAfter("DELETE FROM ask_openhands.audit WHERE seq = 5")).toBe(5);
  await client.end();
  await drop();
}, 60_000);
