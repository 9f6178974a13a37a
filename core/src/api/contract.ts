import * as z from "zod";
import type { RouteName } from "./routes.ts";
import { nothingSchema, pageQuerySchema } from "./schemas/common.ts";
import * as connection from "./schemas/connection.ts";
import * as device from "./schemas/device.ts";
import * as run from "./schemas/run.ts";
import * as session from "./schemas/session.ts";
import * as workspace from "./schemas/workspace.ts";

/** What goes in and comes out of a route; parts that a route does not take are absent. */
export interface Shape {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply: z.ZodType;
}

const list = <T extends z.ZodType>(items: T) => z.object({ items: z.array(items) });

/** Schemas of every route of `routes.ts`. The bot parses requests by them and tests check replies by them. */
export const contract = {
  getSession: { reply: session.sessionSchema },
  signIn: { body: session.signInBodySchema, reply: session.sessionSchema },
  signOut: { reply: nothingSchema },
  describeLink: { body: session.linkBodySchema, reply: session.oneTimeLinkSchema },
  startOAuth: { body: session.oauthBodySchema, reply: session.goToSchema },

  getMe: { reply: session.meSchema },
  renameMe: { body: session.renameBodySchema, reply: session.meSchema },
  deleteMe: { reply: nothingSchema },
  linkAccount: { body: session.linkBodySchema, reply: session.linkAnswerSchema },
  unlinkAccount: { reply: nothingSchema },
  listMyConnections: { reply: list(connection.connectionSchema) },
  createMyConnection: { body: connection.newConnectionSchema, reply: connection.connectionSchema },
  listMySecrets: { reply: list(connection.secretSchema) },
  createMySecret: { body: connection.newSecretSchema, reply: connection.secretSchema },
  listTokens: { reply: list(device.personalTokenSchema) },
  createToken: { body: device.newPersonalTokenSchema, reply: device.createdTokenSchema },
  deleteToken: { reply: nothingSchema },
  listDevices: { reply: list(device.deviceSchema) },
  deleteDevice: { reply: nothingSchema },

  authorizeDevice: { body: device.deviceAuthorizeBodySchema, reply: device.deviceAuthorizationSchema },
  getDeviceToken: { body: device.deviceTokenBodySchema, reply: device.deviceTokenSchema },
  getPairing: { reply: device.pairingSchema },
  decidePairing: { body: device.pairingBodySchema, reply: nothingSchema },

  createWorkspace: { body: session.renameBodySchema, reply: session.workspaceSchema },
  getWorkspace: { reply: session.workspaceSchema },
  renameWorkspace: { body: session.renameBodySchema, reply: session.workspaceSchema },
  deleteWorkspace: { reply: nothingSchema },
  listMembers: { reply: list(workspace.memberSchema) },
  changeMember: { body: workspace.memberBodySchema, reply: workspace.memberSchema },
  removeMember: { reply: nothingSchema },
  listInvitations: { reply: list(workspace.invitationSchema) },
  createInvitation: { body: workspace.invitationBodySchema, reply: workspace.newInvitationSchema },
  deleteInvitation: { reply: nothingSchema },
  getSettings: { reply: list(workspace.settingSchema) },
  changeSettings: { body: workspace.settingsBodySchema, reply: list(workspace.settingSchema) },
  listHosts: { reply: list(workspace.approvedHostSchema) },
  approveHost: { body: workspace.approveHostBodySchema, reply: workspace.approvedHostSchema },
  removeHost: { reply: nothingSchema },
  listAudit: { query: pageQuerySchema, reply: workspace.auditPageSchema },

  getCatalog: { reply: connection.catalogSchema },
  listConnections: { reply: list(connection.connectionSchema) },
  createConnection: { body: connection.newConnectionSchema, reply: connection.connectionSchema },
  getConnection: { reply: connection.connectionSchema },
  changeConnection: { body: connection.connectionBodySchema, reply: connection.connectionSchema },
  deleteConnection: { reply: nothingSchema },
  checkConnection: { reply: connection.connectionSchema },
  findSite: {
    query: z.strictObject({ name: z.string().trim().min(1).max(300) }),
    reply: connection.siteSchema,
  },
  linkToConnection: { reply: session.linkAnswerSchema },
  unlinkFromConnection: { body: connection.unlinkBodySchema, reply: connection.unlinkAnswerSchema },
  listInstallations: { reply: connection.installationsSchema },
  addInstallation: { body: connection.installationBodySchema, reply: connection.installationSchema },
  createManifest: { body: connection.manifestBodySchema, reply: connection.manifestAnswerSchema },
  listHooks: { reply: connection.hooksSchema },
  changeHook: { body: connection.hookBodySchema, reply: connection.hooksSchema },
  listRepositories: { query: run.repositoriesQuerySchema, reply: run.repositoriesSchema },

  listSecrets: { reply: list(connection.secretSchema) },
  createSecret: { body: connection.newSecretSchema, reply: connection.secretSchema },
  changeSecret: { body: connection.secretBodySchema, reply: connection.secretSchema },
  deleteSecret: { reply: nothingSchema },

  listRuns: { query: run.runsQuerySchema, reply: run.runPageSchema },
  watchRuns: { reply: nothingSchema },
  getRun: { reply: run.runSchema },
  stopRun: { reply: run.askSchema },
  retryRun: { reply: run.askSchema },
  sayToRun: { body: run.sayBodySchema, reply: run.askSchema },
  ask: { body: run.askBodySchema, reply: run.askSchema },
  getAsk: { query: run.askQuerySchema, reply: run.askSchema },
  getPlace: { query: run.placeQuerySchema, reply: run.placeStatusSchema },

  getDocument: { reply: z.record(z.string(), z.unknown()) },
} as const satisfies Readonly<Record<RouteName, Shape>>;

export type Contract = typeof contract;
