import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

const usual = "https://slack.com/api";

const isSlack = (address: string): boolean =>
  URL.canParse(address) &&
  new URL(address).protocol === "https:" &&
  /(?:^|\.)slack(?:-gov)?\.com$/.test(new URL(address).host);

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

/** True for what Slack serves itself (files, answers to commands), and for the operator's own server in its place. */
export const isSlackAddress = (
  address: string,
  { settings, fixed }: Pick<Connection, "settings" | "fixed">,
): boolean => {
  if (isSlack(address)) return true;
  const api = fixed === true ? settings["apiUrl"] : undefined;
  return (
    api !== undefined &&
    URL.canParse(address) &&
    URL.canParse(api) &&
    new URL(api).origin === new URL(address).origin
  );
};
