import { createHmac, randomUUID } from "node:crypto";
import type { Sent } from "../../contracts/platform-subject.ts";
import { createDeliveries, type Deliveries } from "../deliveries.ts";
import { type FakeServer, startFake } from "../http.ts";
import { openApi } from "../openapi.ts";
import { type BitbucketActs, type BitbucketEvent, createActs } from "./acts.ts";
import { cloudRoutes } from "./cloud-routes.ts";
import { cloudBody, cloudEvents } from "./cloud-shapes.ts";
import { dcRoutes } from "./dc-routes.ts";
import { dcBody, dcEvents } from "./dc-shapes.ts";
import { type BitbucketState, createBitbucketState } from "./state.ts";

export type BitbucketFlavour = "cloud" | "dc";

export interface FakeBitbucket {
  readonly flavour: BitbucketFlavour;
  /** Address of the server, with its context path. */
  readonly base: string;
  /** As `Place.host`. */
  readonly host: string;
  readonly server: FakeServer;
  readonly state: BitbucketState;
  readonly acts: BitbucketActs;
  readonly deliveries: Deliveries<BitbucketEvent>;
}

const sign = (bytes: Uint8Array, secret: string): string =>
  `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;

export const signedWith = (sent: Sent, secret: string): Sent => ({
  ...sent,
  headers: { ...sent.headers, "x-hub-signature": sign(sent.bytes, secret) },
});

/** Bitbucket never sends more. https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-webhooks/ */
const largestCloudDelivery = 256_000;

/** What every list takes and the documents describe once for all. */
const cloudLists = ["q", "sort", "pagelen", "page"];
const dcLists = ["start", "limit", "permission.projectKey", "permission.repositorySlug"];

/** Bitbucket of one flavour on loopback; Data Center lives below a context path. */
export const startFakeBitbucket = async (
  flavour: BitbucketFlavour,
  context = flavour === "dc" ? "/bitbucket" : "",
): Promise<FakeBitbucket> => {
  const state = createBitbucketState();
  const cloud = flavour === "cloud";

  const deliveries = createDeliveries<BitbucketEvent>(({ happening, name, hook }) => {
    const body = cloud ? cloudBody(state, happening) : dcBody(state, happening, name);
    const bytes = Buffer.from(JSON.stringify(body));
    hook.sent.push({ at: state.now(), status: 200 });
    const request: Readonly<Record<string, string>> = cloud
      ? {
          "user-agent": "Bitbucket-Webhooks/2.0",
          "x-request-uuid": randomUUID(),
          "x-hook-uuid": hook.id,
          "x-attempt-number": "1",
        }
      : { "user-agent": "Atlassian HttpClient", "x-request-id": randomUUID() };
    return {
      method: "POST",
      path: new URL(hook.url).pathname,
      headers: {
        "content-type": "application/json",
        "x-event-key": name,
        ...request,
        ...(hook.secret === "" ? {} : { "x-hub-signature": sign(bytes, hook.secret) }),
      },
      bytes,
    };
  });
  const sized: Deliveries<BitbucketEvent> = {
    ...deliveries,
    send: (events) =>
      deliveries.send(
        events.filter(
          ({ happening }) =>
            !cloud || JSON.stringify(cloudBody(state, happening)).length <= largestCloudDelivery,
        ),
      ),
  };
  const acts = createActs(state, cloud ? cloudEvents : dcEvents, sized);
  const server = await startFake({
    routes: cloud ? cloudRoutes(state, acts) : dcRoutes(state, acts, context),
    openApi: [
      cloud
        ? openApi("bitbucket-cloud/openapi/swagger.v3.json", {
            prefix: "/2.0",
            alsoQuery: cloudLists,
            ignore: ["type"],
          })
        : openApi("bitbucket-dc/openapi/9.2.swagger.v3.json", {
            prefix: `${context}/rest`,
            alsoQuery: dcLists,
          }),
    ],
  });
  state.base = `${server.url}${context}`;
  return {
    flavour,
    base: state.base,
    host: new URL(state.base).host + context,
    server,
    state,
    acts,
    deliveries,
  };
};
