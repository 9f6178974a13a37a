import type { ConnectionView } from "@ask-openhands/core/api/types.ts";

/** True for a connection that holds an OAuth application's id and secret. */
export const holdsClient = ({ settings, secrets }: Pick<ConnectionView, "settings" | "secrets">): boolean =>
  settings["clientId"] !== undefined && secrets.some(({ name }) => name === "clientSecret");
