import { type OpenApi, openApi } from "../openapi.ts";

/** Slack's own document of 2021: what came to a method since then is named here, what came as a method by the contract's subject. */
export const slackSpecification = (): OpenApi | undefined =>
  openApi("slack/openapi/slack_web_openapi_v2.json", {
    prefix: "/api",
    ignore: ["token"],
    postedReads: true,
    alsoQuery: ["include_all_metadata"],
  });
