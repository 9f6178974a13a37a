import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type FakeServer, startFake } from "./http.ts";
import type { FakeReply, FakeRequest } from "./routes.ts";

const run = promisify(execFile);

export interface GitServer {
  readonly fake: FakeServer;
  /** `http://127.0.0.1:PORT/owner/name.git` */
  readonly cloneUrl: string;
  readonly user: string;
  readonly token: string;
  /** Branches of the bare repository with their newest commit's subject. */
  branches(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

const identity = [
  "-c",
  "user.name=Test",
  "-c",
  "user.email=test@example.com",
  "-c",
  "init.defaultBranch=main",
];

const makeRepository = async (root: string): Promise<void> => {
  const bare = join(root, "owner", "name.git");
  const work = join(root, "work");
  await run("git", [...identity, "init", "--quiet", "--bare", bare]);
  await run("git", ["-C", bare, "config", "http.receivepack", "true"]);
  await run("git", [...identity, "init", "--quiet", work]);
  await writeFile(join(work, "README.md"), "# A project\n");
  const git = (...args: readonly string[]) => run("git", [...identity, "-C", work, ...args]);
  await git("add", ".");
  await git("commit", "--quiet", "-m", "First");
  await git("push", "--quiet", bare, "HEAD:main");
  await git("commit", "--quiet", "--allow-empty", "-m", "On a branch");
  await git("push", "--quiet", bare, "HEAD:feature/one");
};

const passwordOf = (authorization: string | undefined): string =>
  Buffer.from((authorization ?? "").replace(/^Basic /, ""), "base64")
    .toString()
    .split(":")
    .slice(1)
    .join(":");

/** Git's own server program speaks CGI: headers, an empty line, the body. */
const toReply = (output: Buffer): FakeReply => {
  const end = output.indexOf("\r\n\r\n");
  const lines = output.subarray(0, end).toString().split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
  const { status, ...rest } = headers;
  return { status: Number((status ?? "200").slice(0, 3)), bytes: output.subarray(end + 4), headers: rest };
};

const serve = (root: string, request: FakeRequest): Promise<FakeReply> =>
  new Promise((done, failed) => {
    const child = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        REQUEST_METHOD: request.method,
        PATH_INFO: request.path,
        QUERY_STRING: request.query.toString(),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
        REMOTE_USER: "agent",
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", failed);
    child.on("close", () => done(toReply(Buffer.concat(chunks))));
    child.stdin.end(request.bytes);
  });

/**
 * A private repository `owner/name` (branches `main` and `feature/one`) on a real git server on loopback, for one user with one token,
 * or with whatever `accepts` takes.
 */
export const startGitServer = async (
  accepts: (token: string) => boolean = () => false,
): Promise<GitServer> => {
  const root = await mkdtemp(join(tmpdir(), "ask-openhands-git-"));
  await makeRepository(root);
  const user = "x-access-token";
  const token = "ghs_cloneTokenThatMustNotLeak42";
  const allowed = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const fake = await startFake({
    routes: [["*", "/owner/*", (request) => serve(root, request)]],
    before: (request) =>
      request.headers["authorization"] === allowed || accepts(passwordOf(request.headers["authorization"]))
        ? undefined
        : { status: 401, text: "no", headers: { "www-authenticate": 'Basic realm="git"' } },
  });
  return {
    fake,
    cloneUrl: `${fake.url}/owner/name.git`,
    user,
    token,
    async branches() {
      const format = "--format=%(refname:short)%09%(contents:subject)";
      const { stdout } = await run("git", [
        "-C",
        join(root, "owner", "name.git"),
        "for-each-ref",
        format,
        "refs/heads",
      ]);
      return Object.fromEntries(
        stdout
          .trim()
          .split("\n")
          .map((line) => line.split("\t", 2)),
      );
    },
    async close() {
      await fake.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
