/** Types of the API without its schemas: nothing of zod is left when these imports are stripped, so content scripts may import from here. */
import type * as z from "zod";
import type { Contract } from "./contract.ts";
import type { RouteName, routes } from "./routes.ts";
import type * as common from "./schemas/common.ts";
import type * as connection from "./schemas/connection.ts";
import type * as device from "./schemas/device.ts";
import type * as run from "./schemas/run.ts";
import type * as session from "./schemas/session.ts";
import type * as workspace from "./schemas/workspace.ts";

export type Problem = z.infer<typeof common.problemSchema>;
export type RoleName = z.infer<typeof common.roleSchema>;
export type SessionView = z.infer<typeof session.sessionSchema>;
export type SignInWayView = z.infer<typeof session.signInWaySchema>;
export type MeView = z.infer<typeof session.meSchema>;
export type WorkspaceView = z.infer<typeof session.workspaceSchema>;
export type LinkView = z.infer<typeof session.linkSchema>;
export type LinkAnswer = z.infer<typeof session.linkAnswerSchema>;
export type OneTimeLinkView = z.infer<typeof session.oneTimeLinkSchema>;
export type MemberView = z.infer<typeof workspace.memberSchema>;
export type InvitationView = z.infer<typeof workspace.invitationSchema>;
export type SettingView = z.infer<typeof workspace.settingSchema>;
export type AuditEntryView = z.infer<typeof workspace.auditEntrySchema>;
export type FieldView = z.infer<typeof connection.fieldSchema>;
export type CredentialKindView = z.infer<typeof connection.credentialKindSchema>;
export type CatalogView = z.infer<typeof connection.catalogSchema>;
export type ConnectionView = z.infer<typeof connection.connectionSchema>;
export type StatusView = z.infer<typeof connection.statusSchema>;
export type SiteView = z.infer<typeof connection.siteSchema>;
export type InstallationView = z.infer<typeof connection.installationSchema>;
export type HookResourceView = z.infer<typeof connection.hookResourceSchema>;
export type HooksView = z.infer<typeof connection.hooksSchema>;
export type ManifestAnswer = z.infer<typeof connection.manifestAnswerSchema>;
export type SecretView = z.infer<typeof connection.secretSchema>;
export type RunView = z.infer<typeof run.runSchema>;
export type RunPageView = z.infer<typeof run.runPageSchema>;
export type AskView = z.infer<typeof run.askSchema>;
export type PlaceView = z.infer<typeof run.placeSchema>;
export type PlaceStatusView = z.infer<typeof run.placeStatusSchema>;
export type DeviceView = z.infer<typeof device.deviceSchema>;
export type DeviceAuthorization = z.infer<typeof device.deviceAuthorizationSchema>;
export type PersonalTokenView = z.infer<typeof device.personalTokenSchema>;

type PathNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

export type Params<Name extends RouteName> = PathNames<(typeof routes)[Name]["path"]>;
export type Body<Name extends RouteName> = Contract[Name] extends {
  readonly body: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : never;
export type Query<Name extends RouteName> = Contract[Name] extends {
  readonly query: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : never;
export type Reply<Name extends RouteName> = z.infer<Contract[Name]["reply"]>;

/** What a call of a route takes; parts that the route does not have cannot be given. */
export type Input<Name extends RouteName> = ([Params<Name>] extends [never]
  ? { readonly params?: never }
  : { readonly params: Readonly<Record<Params<Name>, string>> }) &
  ([Query<Name>] extends [never] ? { readonly query?: never } : { readonly query?: Query<Name> }) &
  ([Body<Name>] extends [never] ? { readonly body?: never } : { readonly body: Body<Name> });

/** News of `watchRuns`. `connections` says that connections, members or webhooks of the workspace changed and lists should be read again. */
export type LiveEvent =
  | { readonly event: "run"; readonly run: RunView }
  | {
      readonly event: "changed";
      readonly what: "connections" | "hooks" | "members" | "settings" | "secrets" | "devices";
    };
