import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { webhook } from "../../intake/webhook.ts";
import type { Delivery, Route, Verified } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import { createKeyRing, verifySlackSignature } from "../signature.ts";
import type { Dispatch, Reply } from "./bolt.ts";
import type { SlackRooms } from "./connect.ts";
import { isFields, isInteractive, isNobodys, readDelivery } from "./deliveries.ts";
import { findHome, type Home, toldBy } from "./home-team.ts";
import type { TakeDelivery } from "./socket.ts";

/** Slack's largest delivery is far below. */
const deliveryLimit = 4 * 1_048_576;
/** Slack waits three seconds. */
const deadline = 2_500;
const signingSecrets = ["signingSecret", "previousSigningSecret"];

/** What an event says. `home` is absent for what belongs to no installation: a check of the address. */
export type HearEvent = (body: unknown, home?: Home) => Heard | Promise<Heard>;

export interface Receiving {
  readonly routes: readonly Route[];
  readonly takeFromSocket: TakeDelivery;
}

const notOurs: Heard = {
  heard: "ignored",
  why: "The app that this comes from is not installed in that workspace.",
};

const byNobody: Heard = { heard: "ignored", why: "nothing tells who did it" };

const answerOf = (reply: Reply): Heard => ({
  heard: "handshake",
  body: typeof reply === "object" ? JSON.stringify(reply) : (reply ?? ""),
  contentType: typeof reply === "object" ? "application/json" : "text/plain; charset=utf-8",
});

/** Both ways in: signed requests and the socket. Each delivery speaks for one installation only. */
export const createReceiving = (
  deps: PlatformDeps,
  rooms: SlackRooms,
  { hearEvent, dispatch }: { readonly hearEvent: HearEvent; readonly dispatch: Dispatch },
): Receiving => {
  const take = async (
    body: unknown,
    may: readonly Connection[],
  ): Promise<{ readonly heard: Heard } | { readonly reply: Reply }> => {
    if (!isFields(body) || body["type"] === "url_verification") return { heard: await hearEvent(body) };
    // Without that, our own messages would look like others'.
    await rooms.knowOurselves();
    const home = findHome(body, may, rooms.teamOf);
    if (home === undefined) return { heard: notOurs };
    const told = toldBy(body, home);
    if (isInteractive(told) && isNobodys(told)) return { heard: byNobody };
    return isInteractive(told)
      ? { reply: await dispatch.send(told, home) }
      : { heard: await hearEvent(told, home) };
  };

  const keysOf = createKeyRing(deps.connections, "slack", signingSecrets);

  const secretsOf = (connection: Connection, names: readonly string[]): readonly string[] =>
    names.flatMap((name) => deps.connections.secret(connection, name) || []);

  /** Installations of the app that a delivery came from: those that hold one of its secrets. */
  const holding = (secrets: readonly string[], names: readonly string[]): readonly Connection[] =>
    rooms.all().filter((one) => secretsOf(one, names).some((secret) => secrets.includes(secret)));

  let among: readonly Connection[] | undefined;
  const sharers = new Map<string, readonly Connection[]>();
  /** Installations that share a signing secret with the one that a delivery was verified for: gathered when the workspaces change, not for every delivery. */
  const sharing = (id: string): readonly Connection[] => {
    if (rooms.all() !== among) sharers.clear();
    among = rooms.all();
    const known = sharers.get(id);
    if (known !== undefined) return known;
    const signer = deps.connections.get(id);
    const found = signer === undefined ? [] : holding(secretsOf(signer, signingSecrets), signingSecrets);
    sharers.set(id, found);
    return found;
  };

  const verify = (delivery: Delivery): Verified => {
    // Slack's own check of the address carries no signature; whatever else stands in it is never looked at.
    if (readDelivery.isCheck(delivery)) return { genuine: true };
    const keys = keysOf(delivery.params["connection"]);
    return verifySlackSignature(delivery.headers, delivery.bytes, keys, deps.now());
  };

  const route = (path: string): Route =>
    webhook({
      path,
      limit: deliveryLimit,
      verify,
      read: readDelivery.body,
      deadline,
      intake: deps.intake,
      log: deps.log,
      now: deps.now,
      async hear(delivery, body, verified) {
        if (readDelivery.isCheck(delivery)) return { heard: "ignored", why: "Slack checks the address" };
        const taken = await take(body, sharing(verified.connection ?? ""));
        return "reply" in taken ? answerOf(taken.reply) : taken.heard;
      },
    });

  return {
    routes: [route("/webhooks/slack"), route("/webhooks/slack/:connection")],
    async takeFromSocket(body, appToken) {
      const taken = await take(body, holding([appToken], ["appToken"]));
      if ("reply" in taken) return taken.reply;
      if (taken.heard.heard === "mention") await deps.intake.accept(taken.heard);
      return undefined;
    },
  };
};
