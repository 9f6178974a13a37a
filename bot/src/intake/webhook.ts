import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Answer, Delivery, Intake, Route, Verified } from "../intake.ts";
import type { Log } from "../log.ts";
import { createComplain } from "./complain.ts";
import { mayCall } from "./may-call.ts";
import { createTimeLimit } from "./within-time.ts";

export type Genuine = Extract<Verified, { readonly genuine: true }>;

export interface WebhookSettings {
  readonly path: string;
  readonly method?: "GET" | "POST" | undefined;
  /** Largest body in bytes. */
  readonly limit: number;
  /** Checks the raw bytes, before anything else looks at them. */
  verify(delivery: Delivery): Verified | Promise<Verified>;
  /** Names by which alone a delivery can call us; what holds none of them is ignored without being parsed. `undefined`: it must be read. */
  callsBy?: ((delivery: Delivery, verified: Genuine) => readonly string[] | undefined) | undefined;
  /** What the delivery says. A `Failure` with kind `bad-input` or a schema error means that it does not have the shape it claims. */
  hear(delivery: Delivery, body: unknown, verified: Genuine): Heard | Promise<Heard>;
  /** Bytes to a value; JSON unless the sender uses something else (forms). Throws when it cannot be read. */
  read?: ((delivery: Delivery) => unknown) | undefined;
  /** Milliseconds after which the sender hears 503 although storing may still succeed; a repeated delivery is then known. Stay below the sender's own limit. */
  readonly deadline?: number | undefined;
  readonly intake: Intake;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now?: (() => number) | undefined;
}

const say = (status: number, body: string, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body,
  contentType: "text/plain; charset=utf-8",
  ...(headers === undefined ? {} : { headers }),
});

const notGenuine = say(401, "The signature or token of this delivery is missing, wrong or too old.");
const notReadable = say(400, "The body cannot be read: it is not valid JSON.");
const notFitting = say(400, "The body does not have the shape of the event that it claims to be.");
const notStored = say(503, "The delivery could not be stored. Send it again.", { "retry-after": "5" });
const answers = {
  new: say(200, "stored"),
  replaced: say(200, "replaced"),
  withdrawn: say(200, "withdrawn"),
  known: say(200, "known"),
  ignored: say(200, "ignored"),
} as const;

const notCalled: Heard = { heard: "ignored", why: "Nothing in it calls us." };

const utf8 = new TextDecoder();

export const readJson = (delivery: Delivery): unknown => JSON.parse(utf8.decode(delivery.bytes)) as unknown;

const isExpected = (cause: unknown): boolean => !(cause instanceof Failure) || cause.kind === "bad-input";

/**
 * The one receive path: (size, by the server) → signature over the raw bytes → readable → what it says → stored → status.
 * Bodies of answers are constants, so that nothing about us or about the payload gets out; why something was refused is in the log, at most a line a second per source.
 */
export const webhook = (settings: WebhookSettings): Route => {
  const { verify, hear, intake, path } = settings;
  const complain = createComplain(settings.now ?? Date.now);
  const read = settings.read ?? readJson;
  const log = settings.log.child({ route: path });
  const deadline = settings.deadline ?? 8_000;

  const inTime = createTimeLimit(deadline);
  const late = (): Answer => {
    complain(log, "deadline", "storing takes too long", { deadline });
    return notStored;
  };

  /** What a delivery says, or the answer to one that cannot be heard. Its payload is let go when this ends: many may wait while their mentions are being stored. */
  const listen = async (delivery: Delivery): Promise<Heard | Answer> => {
    const verified = await verify(delivery);
    if (!verified.genuine) {
      complain(log, delivery.source, "delivery refused", { why: verified.why });
      return notGenuine;
    }
    const names = settings.callsBy?.(delivery, verified);
    if (names !== undefined && !mayCall(delivery.bytes, names)) return notCalled;
    let body: unknown;
    try {
      body = read(delivery);
    } catch (cause) {
      complain(log, delivery.source, "delivery cannot be read", {
        error: cause instanceof Error ? cause.name : "unknown",
      });
      return notReadable;
    }
    try {
      return await hear(delivery, body, verified);
    } catch (cause) {
      if (!isExpected(cause)) throw cause;
      complain(log, delivery.source, "delivery does not fit its event", {
        error: cause instanceof Error ? cause.name : "unknown",
      });
      return notFitting;
    }
  };

  const receive = async (delivery: Delivery): Promise<Answer> => {
    try {
      const heard = await listen(delivery);
      if ("status" in heard) return heard;
      if (heard.heard === "handshake")
        return { status: 200, body: heard.body, contentType: heard.contentType };
      if (heard.heard === "ignored") return answers.ignored;
      const { accepted } = await intake.accept(heard);
      return answers[accepted];
    } catch (cause) {
      complain(log, "failure", "delivery could not be stored", {
        error: cause instanceof Error ? cause.message : "unknown",
      });
      return notStored;
    }
  };

  return {
    method: settings.method ?? "POST",
    path,
    limit: settings.limit,
    answer: (delivery) => inTime(receive(delivery), late),
  };
};
