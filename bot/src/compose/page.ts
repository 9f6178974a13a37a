import { existsSync } from "node:fs";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

/**
 * Only our own files: no inline script or style, no picture of another server, in nobody's frame. Forms alone go elsewhere: to the servers where apps are made
 * from a manifest, whose addresses people type.
 */
const policy = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self' https: http://localhost:* http://127.0.0.1:*",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
} as const;

const year = 31_536_000;
const hashed = /[-.][\w-]{8,}\.(js|css|woff2|svg|png)$/;

/** The settings page, built from the extension's sources into `folder`; every path that is no file is the page itself. */
export const createPage = (folder: string): Hono => {
  const app = new Hono();
  app.use("*", async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    // Names of built files change with their content; the page itself must be asked for every time.
    const isBuilt = context.res.status === 200 && hashed.test(context.req.path);
    context.header("cache-control", isBuilt ? `public, max-age=${year}, immutable` : "no-cache");
    if (new URL(context.req.url).protocol === "https:")
      context.header("strict-transport-security", `max-age=${year}`);
  });
  if (!existsSync(folder)) {
    app.get("*", (context) =>
      context.text(
        "The settings page is not built yet. Run `npx pnpm@12 build` and start the bot again.",
        503,
      ),
    );
    return app;
  }
  app.get("*", serveStatic({ root: folder, precompressed: true }));
  // A path without an ending is a page inside the page; a file that is not there is not.
  app.get("*", (context, next) =>
    /\.[^/]*$/.test(context.req.path) ? context.text("There is nothing here.", 404) : next(),
  );
  app.get("*", serveStatic({ root: folder, path: "index.html" }));
  return app;
};
