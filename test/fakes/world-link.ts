import type { PlatformWorld } from "../contracts/platform-subject.ts";
import type { Deliveries } from "./deliveries.ts";
import type { FakeServer } from "./http.ts";

/** The part of a world that is the same everywhere: where deliveries go, faults, and what was asked of the server. */
export type WorldLink = Pick<
  PlatformWorld,
  "deliverTo" | "deliveries" | "loseDeliveries" | "fail" | "recover" | "requests" | "requestsWith" | "close"
>;

export const worldLink = <Event>(fake: FakeServer, deliveries: Deliveries<Event>): WorldLink => ({
  deliverTo: deliveries.deliverTo,
  deliveries: deliveries.take,
  loseDeliveries: deliveries.lose,
  fail: fake.fail,
  recover: fake.recover,
  requests: {
    get checked() {
      return fake.checked;
    },
    get violations() {
      return fake.violations;
    },
    get unrouted() {
      return fake.unrouted;
    },
    get unspecified() {
      return fake.unspecified;
    },
  },
  requestsWith: (text) =>
    fake.calls.filter(
      (call) =>
        JSON.stringify(call.headers).includes(text) || call.text.includes(text) || call.path.includes(text),
    ).length,
  close: fake.close,
});
