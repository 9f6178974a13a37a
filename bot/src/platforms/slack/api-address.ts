import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

const usual = "https://slack.com/api";

const isSlack = (address: string): boolean =>
  URL.canParse(address) && ["slack.com", "slack-gov.com"].includes(new URL(address).host);

/**
 * Address of the Web API, without a slash at the end. Its word says which workspace a connection is, so only the operator's own settings may name
 * another server than Slack's: else whoever may connect something could play any workspace. Throws `bad-settings`.
 */
export const apiAddress = ({ settings, fixed }: Pick<Connection, "settings" | "fixed">): string => {
  const address = (settings["apiUrl"] ?? usual).replace(/\/+$/, "");
  if (isSlack(address) || fixed === true) return address;
  throw new Failure(
    "bad-settings",
    "This Web API address is none of Slack's. Leave the field empty; a proxy is set by the operator with SLACK_API_URL.",
  );
};
