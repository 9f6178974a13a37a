import type { SettingSource, WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import type { Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";

/** Full path on its own host, which may be another than the place's. */
export type NamedRepository = Pick<RepositoryFacts, "host" | "name">;

/** What the workspace allows, beyond the platform's own answer. `needs-link`: allowed once the account is linked to a person. */
export type PolicyAnswer =
  | {
      readonly allowed: true;
      readonly personId?: string | undefined;
      readonly workspaceId: string;
      /** True where a maintainer opened the room for this very repository: nobody's own rights there are asked. */
      readonly opened?: boolean | undefined;
      /** Said instead of an invitation to link, to somebody who is linked and no member here. */
      readonly outsider?: string | undefined;
    }
  | { readonly allowed: false; readonly why: string; readonly silent?: boolean | undefined }
  | {
      readonly allowed: "needs-link";
      readonly why: string;
      readonly linkUrl: string;
      readonly workspaceId: string;
    };

/** What intake and engine see of people and workspaces. Answers come from memory, without a network call. */
export interface Policy {
  /** Effective settings of the workspace that a connection belongs to; of the first workspace without one. */
  settings(connectionId?: string): WorkspaceSettings;
  /** Each effective setting with its source, secrets never among them. */
  explainSettings(connectionId?: string): readonly {
    readonly key: keyof WorkspaceSettings;
    readonly value: string;
    readonly source: SettingSource;
  }[];
  /** Lists, links and roles; asked before the platform's `mayAsk`. `repository` is `undefined` while it is not known, `noRepository` where the asker wants none. */
  judge(mention: Mention, repository: NamedRepository | typeof noRepository | undefined): PolicyAnswer;
  /** Workspace that a connection belongs to; the first one of its owner for a person's own, and for one that is gone. */
  workspaceOf(connectionId: string | undefined): string;
  /** Whose the work is that a connection heard, also when it was removed since; `undefined` when nobody's any more. */
  tenantOf(connectionId: string | undefined): string | undefined;
  /** Address with a one-time token that links this platform account to a person. */
  linkFor(mention: Mention): string;
  /** Address of our page where somebody who is linked already proves an account on another platform. */
  linkPage(platform: PlatformId): string;
  /** Calls back with the account that was just linked, so that its waiting asks go on. */
  onLinked(
    linked: (account: { readonly platform: string; readonly host: string; readonly id: string }) => void,
  ): () => void;
}
