import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { Metrics } from "../metrics.ts";
import type { Store } from "../store/store.ts";

export interface OperationsDeps {
  readonly store: Pick<Store, "counts" | "setNote">;
  readonly metrics: Metrics | undefined;
  /** When set, the metrics want it as a Bearer token. */
  readonly metricsToken: string | undefined;
  /** False while the bot is stopping. */
  isServing(): boolean;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const mayRead = (authorization: string | undefined, token: string | undefined): boolean =>
  token === undefined || timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${token}`));

/** What machines around the bot ask: alive, ready for work, figures. */
export const createOperations = ({ store, metrics, metricsToken, isServing }: OperationsDeps): Hono => {
  const app = new Hono();
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.get("/ready", async (context) => {
    if (!isServing()) return context.json({ status: "stopping" }, 503);
    try {
      // Reading goes on when the disk is full; being ready means that a delivery would be stored.
      await store.setNote("ready", "");
      const { unread, live, queued } = await store.counts();
      return context.json({ status: "ready", unread, live, queued });
    } catch (cause) {
      return context.json(
        { status: "no store", error: cause instanceof Error ? cause.name : "unknown" },
        503,
      );
    }
  });
  app.get("/metrics", async (context) => {
    if (metrics === undefined) return context.text("Metrics are switched off.", 404);
    if (!mayRead(context.req.header("authorization"), metricsToken))
      return context.text("A Bearer token is needed.", 401);
    const { contentType, text } = await metrics.read();
    return context.body(text, 200, { "content-type": contentType });
  });
  app.notFound((context) => context.json({ error: "There is nothing here." }, 404));
  return app;
};
