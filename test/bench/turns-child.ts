import { createPostgresStore } from "@ask-openhands/bot/store/postgres.ts";

/** Takes turns of lanes as a worker does, without calls to the outside: `node turns-child.ts <url> <turns at once> <turns per lane>`. */
const [, , url = "", atOnce = "8", perLane = "1"] = process.argv;
const lease = 30_000;
const store = await createPostgresStore({ url });

const work = async (): Promise<number> => {
  let turns = 0;
  for (let idle = 0; idle < 20; ) {
    const claimed = await store.claim("bench", lease, Date.now());
    if (claimed === undefined) {
      idle += 1;
      await new Promise((next) => setTimeout(next, 5));
      continue;
    }
    idle = 0;
    const done = Number(claimed.notes["turns"] ?? 0) + 1;
    const isLast = done >= Number(perLane);
    const now = Date.now();
    await store.settle(
      claimed,
      {
        notes: { turns: done },
        read: isLast ? claimed.unread.map(({ seq }) => ({ seq, outcome: "obeyed" })) : [],
        wakeAt: isLast ? undefined : now,
      },
      now,
    );
    turns += 1;
  }
  return turns;
};

process.once("message", async () => {
  const turns = await Promise.all(Array.from({ length: Number(atOnce) }, work));
  process.send?.({ turns: turns.reduce((sum, one) => sum + one, 0), at: Date.now() });
});
process.once("disconnect", () => process.exit(0));
process.send?.({ ready: true });
