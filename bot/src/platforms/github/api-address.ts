import type { Connection } from "@ask-openhands/core/connection/connection.ts";

/** https://docs.github.com/enterprise-cloud@latest/admin/data-residency for `ghe.com`, `/api/v3` for Enterprise Server. */
export function apiUrl(connection: Pick<Connection, "host" | "settings">): string {
  const { host, settings } = connection;
  if (settings["apiUrl"]) return settings["apiUrl"].replace(/\/+$/, "");
  if (host === "github.com") return "https://api.github.com";
  return host.endsWith(".ghe.com") ? `https://api.${host}` : `https://${host}/api/v3`;
}

/** Where the API is, when somebody typed another address than the server's own. */
export const typedAddress = (connection: Connection): string | undefined => {
  const { host } = connection;
  const address = apiUrl(connection);
  const own = [apiUrl({ host, settings: {} }), `http://${host}/api/v3`];
  return own.includes(address) ? undefined : address;
};
