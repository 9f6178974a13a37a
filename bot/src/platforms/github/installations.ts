import { githubAppManifest, githubAppPermissions } from "@ask-openhands/core/connection/catalog/github.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp } from "@ask-openhands/core/http/http.ts";
import { githubAppConversion } from "@ask-openhands/core/wire/github.ts";
import type { Installation, Installations, ManifestWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";
import { apiUrl } from "./api-address.ts";
import type { Client } from "./client.ts";
import { type Doors, orUndefined } from "./connect.ts";
import { itemsUntil, perPage } from "./pages.ts";

type Found = Awaited<ReturnType<Client["rest"]["apps"]["getInstallation"]>>["data"];

/** GitHub allows App names of this length. */
const longestName = 34;
const mostPages = 10;

/** Making the App in one step: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export const createManifest = (deps: PlatformDeps): ManifestWay => ({
  prepare({ host, organization, name, publicUrl, redirectUrl, callbackUrls, state }) {
    const owner = organization ? `organizations/${encodeURIComponent(organization)}/settings` : "settings";
    const manifest = githubAppManifest({
      name: name.slice(0, longestName),
      publicUrl,
      redirectUrl,
      callbackUrls,
    });
    return {
      action: `https://${host}/${owner}/apps/new?state=${encodeURIComponent(state)}`,
      fields: { manifest: JSON.stringify(manifest) },
    };
  },
  async adopt({ host, code }) {
    const http = createHttp({
      fetch: deps.fetch,
      baseUrl: apiUrl({ host, settings: {} }),
      name: "GitHub",
      secrets: [code],
      now: deps.now,
    });
    const app = await http.json(githubAppConversion, {
      method: "POST",
      path: `/app-manifests/${encodeURIComponent(code)}/conversions`,
    });
    return {
      kind: "app",
      name: app.name,
      settings: { appId: String(app.id), clientId: app.client_id },
      secrets: {
        privateKey: app.pem,
        clientSecret: app.client_secret,
        ...(app.webhook_secret ? { webhookSecret: app.webhook_secret } : {}),
      },
      nextUrl: `${app.html_url}/installations/new`,
    };
  },
});

/** Where the App is installed, on which repositories, and what the owners have not accepted yet. */
export function createInstallations(doors: Doors): Installations {
  const describe = async (connection: Connection, found: Found): Promise<Installation> => {
    const granted: Readonly<Record<string, string | undefined>> = { ...found.permissions };
    const missing = Object.entries(githubAppPermissions).flatMap(([name, level]) =>
      granted[name] === level || granted[name] === "write" ? [] : [`${name}: ${level}`],
    );
    const { account } = found;
    const login = account && "login" in account ? account.login : "an enterprise";
    return {
      id: String(found.id),
      account: login,
      ...(account?.html_url ? { accountUrl: account.html_url } : {}),
      configureUrl: found.html_url,
      repositories: found.repository_selection === "all" ? "all" : await countOf(connection, found),
      missing,
      suspended: Boolean(found.suspended_at),
    };
  };

  const countOf = async (connection: Connection, found: Found): Promise<number> => {
    if (found.suspended_at) return 0;
    const client = await doors.asInstallation(connection, found.id);
    const { data } = await client.rest.apps.listReposAccessibleToInstallation({ per_page: 1 });
    return data.total_count;
  };

  return {
    async installUrl(connectionId) {
      const app = await doors.asApp(doors.byId(connectionId));
      const { data } = await app.rest.apps.getAuthenticated();
      return data ? `${data.html_url}/installations/new` : undefined;
    },
    async list(connectionId) {
      const connection = doors.byId(connectionId);
      const app = await doors.asApp(connection);
      const all = await itemsUntil(
        mostPages,
        (page) => app.rest.apps.listInstallations({ per_page: perPage, page }),
        () => true,
      );
      return Promise.all(all.map((one) => describe(connection, one)));
    },
    async add(connectionId, installationId) {
      const connection = doors.byId(connectionId);
      if (!/^\d{1,15}$/.test(installationId)) {
        throw new Failure(
          "bad-input",
          "An installation id is a number; it stands at the end of the installation's address on GitHub.",
        );
      }
      const app = await doors.asApp(connection);
      const found = await orUndefined(
        app.rest.apps.getInstallation({ installation_id: Number(installationId) }),
      );
      if (!found) throw new Failure("not-found", `${installationId} is not an installation of this App.`);
      return describe(connection, found.data);
    },
  };
}
