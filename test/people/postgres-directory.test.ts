import { createPostgresDirectory } from "@ask-openhands/bot/people/postgres-directory.ts";
import { expect, it } from "vitest";
import { describeDirectory } from "../contracts/directory.ts";
import { startPostgres } from "../support/postgres.ts";
import { createKeptLog } from "../support/silent-log.ts";

const server = startPostgres();

describeDirectory("PostgreSQL", async () => {
  const { url, drop } = await (await server).createDatabase();
  return { open: () => createPostgresDirectory({ url, log: createKeptLog() }), end: drop };
});

it("shows a process what another one changed, and tells its watchers", async () => {
  const { url, drop } = await (await server).createDatabase();
  const [one, other] = await Promise.all([
    createPostgresDirectory({ url, log: createKeptLog() }),
    createPostgresDirectory({ url, log: createKeptLog() }),
  ]);
  const heard = new Promise<string>((resolve) => {
    other.watch((changes) => resolve(changes.map((change) => change.id).join()));
  });
  await one.write([
    { put: "people", id: "a", value: { name: "Mira", createdAt: "2026-01-01T00:00:00.000Z" } },
  ]);
  expect(await heard).toBe("a");
  expect(other.get("people", "a")?.value.name).toBe("Mira");
  await Promise.all([one.close(), other.close()]);
  await drop();
});
