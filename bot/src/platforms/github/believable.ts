import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { apiUrl } from "./client.ts";

/**
 * Whether somebody's own connection asks where the workspace (its `shared` connections for that host) asks too, or the server itself: the answers decide
 * who may write and where code is, and must not come from a server of the asker's choice.
 */
export const isBelievable = (own: Connection, shared: readonly Connection[]): boolean => {
  const address = apiUrl(own);
  const known = [{ host: own.host, settings: {} }, ...shared];
  return known.some((one) => apiUrl(one) === address) || address === `http://${own.host}/api/v3`;
};
