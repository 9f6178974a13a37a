import type { Connection } from "@ask-openhands/core/connection/connection.ts";

/**
 * Whether somebody's own connection asks the server itself, or where the workspace (its `shared` connections for that host) asks too: the answers decide
 * who may write and where code is, and must not come from a server of the asker's choice. `typedAddress` is where a connection has its API when somebody
 * typed another address than the server's own.
 */
export const isBelievable = (
  own: Connection,
  shared: readonly Connection[],
  typedAddress: (connection: Connection) => string | undefined,
): boolean => {
  const typed = typedAddress(own);
  return typed === undefined || shared.some((one) => typedAddress(one) === typed);
};
