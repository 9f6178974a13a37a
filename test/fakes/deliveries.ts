import type { Sent } from "../contracts/platform-subject.ts";

export interface Deliveries<Event> {
  send(events: readonly Event[]): Promise<void>;
  deliverTo(base: string | undefined): void;
  take(): readonly Sent[];
  lose(lose: boolean): void;
}

/** What a platform does with its deliveries: sends them in order, keeps them for the test, or loses them. A delivery that is refused, or reaches nobody, is not repeated. */
export const createDeliveries = <Event>(pack: (event: Event) => Sent): Deliveries<Event> => {
  let base: string | undefined;
  let lost = false;
  let kept: Sent[] = [];
  return {
    async send(events) {
      for (const event of events) {
        if (lost) continue;
        const sent = pack(event);
        if (base === undefined) kept.push(sent);
        // A receiver that went away in the middle is no trouble of the platform's: the delivery is lost, like a refused one.
        else
          await fetch(base + sent.path, {
            method: sent.method,
            headers: sent.headers,
            body: Buffer.from(sent.bytes),
          }).catch(() => undefined);
      }
    },
    deliverTo(address) {
      base = address;
    },
    take() {
      const taken = kept;
      kept = [];
      return taken;
    },
    lose(lose) {
      lost = lose;
    },
  };
};
