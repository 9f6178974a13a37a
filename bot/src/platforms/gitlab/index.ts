import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { type Genuine, webhook } from "../../intake/webhook.ts";
import type { Delivery, Route } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { agentTokenFor, agentTokenName, createDoors } from "./connect.ts";
import { deliveryName, type Ear, hear, verify } from "./hear.ts";
import { createGitLabHooks } from "./hooks.ts";
import { inspectDoor } from "./inspect.ts";
import { createMissed } from "./missed.ts";
import { nameMoment } from "./moment.ts";
import { createGitLabOAuth } from "./oauth.ts";
import {
  findRepository,
  mayAccountWrite,
  mayAsk,
  mayWrite,
  namedAttachments,
  placeAt,
  readAttachment,
  searchRepositories,
} from "./read.ts";
import { bodyLimit, editPost, findPost, post, react } from "./talk.ts";
import { readThread } from "./thread.ts";

/** GitLab's own limit of a delivery. https://docs.gitlab.com/administration/instance_limits/#webhook-calls */
const deliveryLimit = 25 * 1_048_576;

/** gitlab.com and self-managed GitLab, any number of servers side by side. */
export function createGitLab(deps: PlatformDeps): Platform {
  const { connections } = deps;
  const doors = createDoors(deps);

  const earFor = async (connectionId: string | undefined, delivery: string | undefined): Promise<Ear> => {
    const connection = connectionId === undefined ? undefined : connections.get(connectionId);
    return {
      host: connection?.host,
      connection: connectionId,
      labels: deps.labels(connectionId),
      handle: deps.handles(connectionId)[0] ?? "@openhands",
      own: connection === undefined ? [] : await doors.own(connection.host, connection.id),
      delivery,
    };
  };

  const listen = async ({ headers }: Delivery, body: unknown, { connection }: Genuine): Promise<Heard> =>
    nameMoment(doors, hear(body, await earFor(connection, deliveryName(headers))), deps.log);

  const receiver = (path: string): Route =>
    webhook({
      path,
      limit: deliveryLimit,
      intake: deps.intake,
      log: deps.log,
      now: deps.now,
      verify({ headers, bytes, params }) {
        const active = connections.list("gitlab").filter((one) => one.active);
        const among =
          params["connection"] === undefined
            ? active
            : active.filter(({ id }) => id === params["connection"]);
        return verify(headers, bytes, connections, among, deps.now());
      },
      hear: listen,
    });

  return {
    id: "gitlab",
    name: "GitLab",
    bodyLimit,
    // GitLab lets an account write 60 comments a minute on gitlab.com, edits among them, over all places together.
    editEvery: 5_000,
    changeRequest: "merge request",
    routes: [receiver("/webhooks/gitlab/:connection"), receiver("/webhooks/gitlab")],

    mayAsk: (author, place) => mayAsk(doors, author, place),
    thread: (mention) => readThread(doors, mention),
    findPost: (place, marker) => findPost(doors, place, marker),
    post: (place, message, options) => post(doors, place, message, options),
    editPost: (place, ref, message) => editPost(doors, place, ref, message),
    react: (mention, feeling) => react(doors, mention, feeling),

    findRepository: (host, name, onBehalf) => findRepository(doors, host, name, onBehalf),
    mayAccountWrite: (account, repository, workspaceId) =>
      mayAccountWrite(doors, account, repository, workspaceId),
    mayWrite: (repository, onBehalf) => mayWrite(doors, repository, onBehalf),
    searchRepositories: (host, query, onBehalf) => searchRepositories(doors, host, query, onBehalf),
    agentTokenName,
    agentToken: (repository, onBehalf) => agentTokenFor(deps, doors, repository, onBehalf),
    placeAt: (url, onBehalf, near) => placeAt(doors, url, onBehalf, near),
    attachmentsOf: async (mention) => namedAttachments(doors, mention),
    attachment: (mention, url, limit) => readAttachment(doors, mention, url, limit),
    missed: createMissed(deps, doors),
    // A connection without webhook secrets has no webhook that we would believe.
    polls: () =>
      doors
        .workspace()
        .some(
          ({ connection }) =>
            !connections.secret(connection, "webhookSecret") &&
            !connections.secret(connection, "signingToken"),
        ),
    hooks: createGitLabHooks(deps, doors),
    oauth: createGitLabOAuth(deps),
    async inspect(connectionId) {
      const door = doors.byId(connectionId);
      return inspectDoor(door, async () => (await doors.account(door)).shared, deps.now());
    },

    explain(headers, body, host) {
      const known = connections.list("gitlab").filter((one) => one.active && one.host === host);
      const connection = known.length === 1 ? known[0]?.id : undefined;
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return hear(body, {
        host,
        connection,
        labels: deps.labels(connection),
        handle: deps.handles(connection)[0] ?? "@openhands",
        own: doors.known(host),
        delivery: deliveryName(lower),
      });
    },
  };
}
