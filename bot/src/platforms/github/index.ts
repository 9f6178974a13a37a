import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { callsUs } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { type Genuine, webhook } from "../../intake/webhook.ts";
import type { Delivery, Route } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { readJsonOrForm } from "../read-form.ts";
import { createKeyRing, signingKeys } from "../signature.ts";
import { callsByName } from "./account.ts";
import { createAttachments } from "./attachments.ts";
import { createDoors, isApp } from "./connect.ts";
import type { Ear } from "./envelope.ts";
import { hear, mayConcern, verify } from "./hear.ts";
import { createHooks } from "./hooks.ts";
import { createInspect } from "./inspect.ts";
import { createInstallations, createManifest } from "./installations.ts";
import { createMissed } from "./missed.ts";
import { namesFor } from "./names.ts";
import { createOAuth } from "./oauth.ts";
import { createRead } from "./read.ts";
import { agentTokenName, createRepositories } from "./repositories.ts";
import { createRights } from "./rights.ts";
import { bodyLimit, createTalk } from "./talk.ts";

/** GitHub sends at most 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
const payloadLimit = 25 * 1024 * 1024;

/** Milliseconds that a delivery waits for GitHub to say which account is ours; after that our marker tells our posts. */
const patience = 800;

export function createGitHub(deps: PlatformDeps): Platform {
  const doors = createDoors(deps);
  const repositories = createRepositories(doors);
  const talk = createTalk(doors);
  const read = createRead(doors);
  const keysOf = createKeyRing(deps.connections, "github");

  const earOf = (connection: Connection | undefined, host?: string): Ear => {
    const handles = deps.handles(connection?.id);
    const site = connection?.host ?? host;
    return {
      host: host ?? connection?.host,
      connection: connection?.id,
      labels: deps.labels(connection?.id),
      mentions: (text) =>
        callsUs(site === undefined ? text : callsByName(text, doors.own(site), handles[0]), handles),
      own: doors.own,
      handle: handles[0],
    };
  };

  const askWhoWeAre = async (connection: Connection): Promise<void> => {
    await doors.identity(connection).then(
      () => undefined,
      (error: unknown) =>
        deps.log.warn(
          { connection: connection.id, error: String(error) },
          "could not ask GitHub which account is ours",
        ),
    );
  };

  const learnAccount = async (connection: Connection): Promise<void> => {
    const asking = askWhoWeAre(connection);
    // An App's posts are told by its number; only a person's account must be known first.
    if (!isApp(connection))
      await Promise.race([asking, new Promise((done) => setTimeout(done, patience).unref())]);
  };

  const listen = async (delivery: Delivery, body: unknown, connection: Connection): Promise<Heard> => {
    if (!doors.knows(connection)) await learnAccount(connection);
    const { headers } = delivery;
    return hear(headers["x-github-event"], body, earOf(connection, headers["x-github-enterprise-host"]));
  };

  const receive = async (delivery: Delivery, body: unknown, verified: Genuine): Promise<Heard> => {
    const event = delivery.headers["x-github-event"];
    if (!mayConcern(event)) return hear(event, undefined, earOf(undefined));
    const signer = deps.connections.get(verified.connection ?? "");
    if (!signer) return { heard: "ignored", why: "The connection does not exist any more." };
    const first = await listen(delivery, body, signer);
    if (first.heard !== "mention") return first;
    const { host, repository, address } = first.mention.place;
    const connection = host === signer.host ? signer : sharing(delivery, host);
    // Whoever knows one server's secret must not speak in the name of another.
    if (!connection)
      return {
        heard: "ignored",
        why: `The delivery is about ${host}, and its secret belongs to ${signer.host}.`,
      };
    if (repository && address["repositoryId"])
      doors.learnName(connection.id, { id: address["repositoryId"], name: repository });
    if (repository && address["installation"])
      doors.learnInstallation(connection.id, repository, Number(address["installation"]));
    return connection === signer ? first : listen(delivery, body, connection);
  };

  /** Two servers may have been given the same secret: the connection of that host which it fits too. */
  const sharing = ({ headers, bytes, params }: Delivery, host: string): Connection | undefined => {
    if (params["connection"] !== undefined) return undefined;
    const again = verify(headers, bytes, signingKeys(deps.connections, doors.workspace(host)));
    return again.genuine ? deps.connections.get(again.connection ?? "") : undefined;
  };

  const route = (path: string): Route =>
    webhook({
      path,
      limit: payloadLimit,
      intake: deps.intake,
      log: deps.log,
      now: deps.now,
      verify: ({ headers, bytes, params }) => verify(headers, bytes, keysOf(params["connection"])),
      callsBy: ({ headers, bytes }) =>
        mayConcern(headers["x-github-event"]) ? namesFor(bytes, doors, deps) : undefined,
      // Most deliveries of a busy App are none of ours: their bodies are not even parsed.
      read: (delivery) =>
        mayConcern(delivery.headers["x-github-event"]) ? readJsonOrForm(delivery) : undefined,
      hear: receive,
    });

  return {
    id: "github",
    name: "GitHub",
    bodyLimit,
    editEvery: 3_000,
    // 80 content changes a minute and 500 an hour bind all places of an installation together; GitHub Enterprise Server has no such limit unless its administrators set one.
    // https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
    writeLimits: ({ host, address }) =>
      host === "github.com" || host.endsWith(".ghe.com")
        ? { perMinute: 80, perHour: 500, account: address["installation"] }
        : undefined,
    routes: [route("/webhooks/github"), route("/webhooks/github/:connection")],
    ...read,
    ...createRights(doors),
    ...talk,
    ...createAttachments(deps, doors),
    findRepository: repositories.findRepository,
    searchRepositories: repositories.searchRepositories,
    agentTokenName,
    agentToken: repositories.agentToken,
    placeAt: repositories.placeAt,
    oauth: createOAuth(deps),
    manifest: createManifest(deps),
    installations: createInstallations(doors),
    hooks: createHooks(deps, doors, repositories),
    inspect: createInspect(doors, repositories, deps.now),
    // Without a secret no webhook of a token can be checked, so there is none.
    polls: () =>
      doors.workspace().some((one) => !isApp(one) && !deps.connections.secret(one, "webhookSecret")),
    missed: createMissed({
      doors,
      repositories,
      log: deps.log,
      async ear(connection) {
        // Nobody waits for an answer here, and who calls our account by its name is heard only when we know it.
        await (isApp(connection) ? learnAccount(connection) : askWhoWeAre(connection));
        return earOf(connection);
      },
    }),
    explain: (headers, body, host) => {
      const name = Object.entries(headers).find(([header]) => header.toLowerCase() === "x-github-event")?.[1];
      return hear(name, body, earOf(undefined, host));
    },
  };
}
