import type { RouteFacts } from "./route.ts";

/** Every route of `/api/v1`. Plain data: the bot serves and guards from it, the client calls by it, the OpenAPI document lists it. */
export const routes = {
  // Session
  getSession: { method: "GET", path: "/session", may: "anyone", says: "Who is signed in, and where people can sign in." },
  signIn: { method: "POST", path: "/session", may: "anyone", says: "Signs in with a one-time link or an invitation." },
  signOut: { method: "DELETE", path: "/session", may: "person", session: true, status: 204, says: "Ends this session." },
  describeLink: { method: "POST", path: "/session/link", may: "anyone", says: "What a one-time link is for; does not use it up." },
  startOAuth: { method: "POST", path: "/session/oauth", may: "anyone", says: "Begins OAuth; answers with the address to go to." },

  // Me
  getMe: { method: "GET", path: "/me", may: "person", says: "The signed-in person with workspaces and linked accounts." },
  renameMe: { method: "PATCH", path: "/me", may: "person", says: "Changes one's own name." },
  deleteMe: { method: "DELETE", path: "/me", may: "person", session: true, status: 204, says: "Deletes one's own data: links, tokens, devices, connections." },
  linkAccount: { method: "POST", path: "/me/links", may: "person", session: true, says: "Links the account that a one-time link names to the signed-in person." },
  unlinkAccount: { method: "DELETE", path: "/me/links/:link", may: "person", status: 204, says: "Removes one of one's own links." },
  listMyConnections: { method: "GET", path: "/me/connections", may: "person", says: "One's own connections." },
  createMyConnection: { method: "POST", path: "/me/connections", may: "person", status: 201, says: "Adds a connection of one's own, checked live." },
  listMySecrets: { method: "GET", path: "/me/secrets", may: "person", says: "One's own secrets for the agent; never their values." },
  createMySecret: { method: "POST", path: "/me/secrets", may: "person", status: 201, says: "Adds a secret of one's own." },
  listTokens: { method: "GET", path: "/me/tokens", may: "person", says: "Personal API tokens for scripts; never their values." },
  createToken: { method: "POST", path: "/me/tokens", may: "person", session: true, status: 201, says: "Makes a personal API token and shows it this once." },
  deleteToken: { method: "DELETE", path: "/me/tokens/:token", may: "person", session: true, status: 204, says: "Revokes a personal API token." },
  listDevices: { method: "GET", path: "/me/devices", may: "person", says: "Extensions paired with one's account." },
  deleteDevice: { method: "DELETE", path: "/me/devices/:device", may: "person", status: 204, says: "Unpairs a device." },

  // Device pairing (RFC 8628)
  authorizeDevice: { method: "POST", path: "/device/authorize", may: "anyone", special: "form", says: "A device asks to be paired (RFC 8628 section 3.1)." },
  getDeviceToken: { method: "POST", path: "/device/token", may: "anyone", special: "form", says: "A device asks whether it was approved (RFC 8628 section 3.4)." },
  getPairing: { method: "GET", path: "/device/pairings/:code", may: "person", session: true, says: "Which device shows this code." },
  decidePairing: { method: "POST", path: "/device/pairings/:code", may: "person", session: true, status: 204, says: "Approves or refuses a device." },

  // Workspaces
  createWorkspace: { method: "POST", path: "/workspaces", may: "person", session: true, status: 201, says: "Makes a workspace that the person owns; only owners of one may." },
  getWorkspace: { method: "GET", path: "/workspaces/:workspace", may: "member", says: "One workspace." },
  renameWorkspace: { method: "PATCH", path: "/workspaces/:workspace", may: "maintainer", says: "Renames a workspace." },
  deleteWorkspace: { method: "DELETE", path: "/workspaces/:workspace", may: "owner", session: true, status: 204, says: "Deletes a workspace with its connections; the last one stays." },
  listMembers: { method: "GET", path: "/workspaces/:workspace/members", may: "member", says: "Members with roles." },
  changeMember: { method: "PATCH", path: "/workspaces/:workspace/members/:person", may: "maintainer", says: "Changes a member's role; only owners make or unmake owners." },
  removeMember: { method: "DELETE", path: "/workspaces/:workspace/members/:person", may: "change-member", status: 204, says: "Removes a member, or leaves." },
  listInvitations: { method: "GET", path: "/workspaces/:workspace/invitations", may: "maintainer", says: "Invitations that are open or were accepted." },
  createInvitation: { method: "POST", path: "/workspaces/:workspace/invitations", may: "maintainer", session: true, status: 201, says: "Makes an invitation link and shows it this once." },
  deleteInvitation: { method: "DELETE", path: "/workspaces/:workspace/invitations/:invitation", may: "maintainer", status: 204, says: "Takes an invitation back." },
  getSettings: { method: "GET", path: "/workspaces/:workspace/settings", may: "member", says: "Effective settings, each with its source." },
  changeSettings: { method: "PATCH", path: "/workspaces/:workspace/settings", may: "maintainer", says: "Changes settings." },
  listHosts: { method: "GET", path: "/workspaces/:workspace/hosts", may: "member", says: "Hosts that requests may go to." },
  approveHost: { method: "POST", path: "/workspaces/:workspace/hosts", may: "maintainer", status: 201, says: "Approves a host, also one with a private address." },
  removeHost: { method: "DELETE", path: "/workspaces/:workspace/hosts/:host", may: "maintainer", status: 204, says: "Takes an approval back." },
  listAudit: { method: "GET", path: "/workspaces/:workspace/audit", may: "maintainer", says: "Who did what, newest first." },

  // Connections
  getCatalog: { method: "GET", path: "/catalog", may: "person", says: "Platforms and the kinds of credentials they take." },
  listConnections: { method: "GET", path: "/workspaces/:workspace/connections", may: "member", says: "The workspace's connections." },
  createConnection: { method: "POST", path: "/workspaces/:workspace/connections", may: "maintainer", status: 201, says: "Adds a connection of the workspace, checked live." },
  getConnection: { method: "GET", path: "/connections/:connection", may: "see-connection", says: "One connection." },
  changeConnection: { method: "PATCH", path: "/connections/:connection", may: "change-connection", says: "Changes a connection, checked live; switches it on or off." },
  deleteConnection: { method: "DELETE", path: "/connections/:connection", may: "change-connection", status: 204, says: "Removes a connection with its secrets." },
  checkConnection: { method: "POST", path: "/connections/:connection/check", may: "see-connection", says: "Asks the server now: account, scopes, expiry." },
  findSite: { method: "GET", path: "/workspaces/:workspace/sites/:platform", may: "member", says: "Whether a site that people link to is set up already (Jira)." },
  linkToConnection: { method: "POST", path: "/connections/:connection/link", may: "use-connection", says: "Links oneself to a site; answers with how to prove the account when needed." },
  unlinkFromConnection: { method: "POST", path: "/connections/:connection/unlink", may: "use-connection", says: "Removes one's own link; the creator switches the site off for everybody." },
  listInstallations: { method: "GET", path: "/connections/:connection/installations", may: "see-connection", says: "Where an app is installed." },
  addInstallation: { method: "POST", path: "/connections/:connection/installations", may: "change-connection", status: 201, says: "Adds an installation by its id." },
  createManifest: { method: "POST", path: "/workspaces/:workspace/manifests", may: "maintainer", session: true, says: "Prepares an app manifest that makes the app in one step." },
  listHooks: { method: "GET", path: "/connections/:connection/hooks", may: "see-connection", says: "Webhooks of what this connection reaches." },
  changeHook: { method: "POST", path: "/connections/:connection/hooks", may: "change-connection", says: "Installs, repairs or removes one webhook; one at a time." },
  listRepositories: { method: "GET", path: "/workspaces/:workspace/repositories", may: "member", says: "Repositories for pickers, newest first." },

  // Secrets
  listSecrets: { method: "GET", path: "/workspaces/:workspace/secrets", may: "member", says: "The workspace's secrets for the agent; never their values." },
  createSecret: { method: "POST", path: "/workspaces/:workspace/secrets", may: "maintainer", status: 201, says: "Adds a secret of the workspace." },
  changeSecret: { method: "PATCH", path: "/secrets/:secret", may: "change-secret", says: "Changes description or value of a secret." },
  deleteSecret: { method: "DELETE", path: "/secrets/:secret", may: "change-secret", status: 204, says: "Removes a secret." },

  // Runs
  listRuns: { method: "GET", path: "/workspaces/:workspace/runs", may: "member", says: "Runs, newest first." },
  watchRuns: { method: "GET", path: "/workspaces/:workspace/live", may: "member", special: "events", says: "Runs and connections as they change (server-sent events)." },
  getRun: { method: "GET", path: "/runs/:run", may: "see-run", says: "One run." },
  stopRun: { method: "POST", path: "/runs/:run/stop", may: "steer-run", says: "Asks a run to stop, as `stop` at its place does." },
  retryRun: { method: "POST", path: "/runs/:run/retry", may: "steer-run", says: "Asks again, as `retry` at its place does." },
  sayToRun: { method: "POST", path: "/runs/:run/say", may: "steer-run", says: "Says something to the run's conversation." },
  ask: { method: "POST", path: "/workspaces/:workspace/asks", may: "member", status: 201, says: "Asks OpenHands at the place that a browser address shows." },
  getAsk: { method: "GET", path: "/workspaces/:workspace/asks", may: "member", says: "What became of an ask." },
  getPlace: { method: "GET", path: "/workspaces/:workspace/places", may: "member", says: "Integration status of the place that a browser address shows." },

  getDocument: { method: "GET", path: "/openapi.json", may: "anyone", special: "document", says: "This API as OpenAPI 3.1." },
} as const satisfies Readonly<Record<string, RouteFacts>>;

export type RouteName = keyof typeof routes;
