import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { type Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { Platform } from "../platforms/platform.ts";
import {
  type ExplainedSetting,
  explainSettings,
  toWorkspaceSettings,
  type WorkspaceTexts,
} from "../settings/workspace-values.ts";
import type { Connections } from "./connections.ts";
import type { Directory } from "./directory.ts";
import type { Links } from "./links.ts";
import { findPairs, isAuthorAmong, isBlocked, isRepositoryAmong } from "./matches.ts";
import { memberId } from "./members.ts";
import type { LinkTokens } from "./one-time-link.ts";
import type { Policy } from "./policy.ts";

/** What a platform's registry entry says about its accounts. */
export type PlatformTraits = Pick<
  Platform,
  "name" | "accountsKnowRepositories" | "speaksPrivately" | "roomOf"
>;

interface Options {
  readonly directory: Directory;
  readonly connections: Connections;
  readonly links: Links;
  readonly linkTokens: LinkTokens;
  /** Workspace settings of the environment. */
  readonly environment: WorkspaceTexts;
  readonly publicUrl: string;
  /** Asked when a mention is judged: platforms are made after the policy. */
  readonly traits: (platform: string) => PlatformTraits | undefined;
}

export interface WorkspacePolicy extends Policy {
  settingsOf(workspaceId: string): WorkspaceSettings;
  explainSettingsOf(workspaceId: string): readonly ExplainedSetting[];
}

const outsider =
  "Your linked account is not a member of this workspace. Ask one of its maintainers for an invitation.";

export const createPolicy = (options: Options): WorkspacePolicy => {
  const { directory, connections, environment } = options;

  const firstWorkspace = (): string => directory.list("workspaces")[0]?.id ?? "main";

  const tenantOf = (connectionId: string | undefined): string | undefined => {
    if (connectionId === undefined) return firstWorkspace();
    const owner =
      connections.get(connectionId)?.owner ?? directory.get("connections", connectionId)?.value.owner;
    if (owner?.kind === "workspace") return owner.id;
    // The operator's own connections belong to the first workspace, also after a variable was taken away.
    if (owner === undefined) return connectionId.startsWith("env-") ? firstWorkspace() : undefined;
    return directory.list("members").find(({ value }) => value.personId === owner.id)?.value.workspaceId;
  };

  const workspaceOf = (connectionId: string | undefined): string =>
    tenantOf(connectionId) ?? firstWorkspace();

  const explainSettingsOf = (workspaceId: string): readonly ExplainedSetting[] =>
    explainSettings(
      (directory.get("settings", workspaceId)?.value.values ?? {}) as WorkspaceTexts,
      environment,
    );

  // Asked for every delivery, changed by people: made anew only when the texts changed.
  const cache = new Map<string, { readonly version: number; readonly settings: WorkspaceSettings }>();
  const settingsOf = (workspaceId: string): WorkspaceSettings => {
    const version = directory.get("settings", workspaceId)?.version ?? 0;
    const known = cache.get(workspaceId);
    if (known?.version === version) return known.settings;
    const settings = toWorkspaceSettings(explainSettingsOf(workspaceId));
    cache.set(workspaceId, { version, settings });
    return settings;
  };

  const linkFor = ({ author, place }: Mention): string => {
    const alone = options.traits(author.platform)?.speaksPrivately === true;
    return `${options.publicUrl}/link#${options.linkTokens.make(author, alone, tenantOf(place.connection))}`;
  };

  /** Repositories that a maintainer opened for the room that the place is in. */
  const openedFor = (mention: Mention, settings: WorkspaceSettings): readonly string[] => {
    const rooms = options.traits(mention.place.platform)?.roomOf?.(mention.place) ?? [];
    return findPairs(settings.openChannels, rooms);
  };

  const isMemberOf = (workspaceId: string, personId: string): boolean =>
    directory.get("members", memberId(workspaceId, personId)) !== undefined;

  const judge: Policy["judge"] = (mention, about) => {
    const { author, place } = mention;
    const workspaceId = tenantOf(place.connection);
    // Never the first workspace instead: it would lend its credentials to what a stranger's connection heard.
    if (workspaceId === undefined)
      return {
        allowed: false,
        why: "The connection that heard this belongs to no workspace any more.",
        silent: true,
      };
    const settings = settingsOf(workspaceId);
    const repository = about === noRepository ? undefined : about;
    const isClosed =
      repository !== undefined &&
      settings.allowedRepositories.length > 0 &&
      !isRepositoryAmong(settings.allowedRepositories, repository);
    const rooms = openedFor(mention, settings);
    // Work without a repository gets no token: less than anything that the room was opened for.
    const opened =
      repository === undefined
        ? about === noRepository && rooms.length > 0
        : isRepositoryAmong(rooms, repository);
    // Our own page judged the person already, when they were at it; the repository may stand in the text only.
    if (!isClosed && mention.person !== undefined && isMemberOf(workspaceId, mention.person))
      return { allowed: true, personId: mention.person, workspaceId, opened };
    if (author.kind === "self") return { allowed: false, why: "This is our own account.", silent: true };
    if (author.kind === "bot" && !isAuthorAmong(settings.allowedBots, author)) {
      return {
        allowed: false,
        why: `${author.name} is a bot, and bots may ask only when a maintainer lists them.`,
        silent: true,
      };
    }
    if (isBlocked(settings.blockedPeople, author))
      return { allowed: false, why: "A maintainer of this workspace has blocked this account from asking." };
    if (
      settings.allowedPeople.length > 0 &&
      author.kind === "person" &&
      !isAuthorAmong(settings.allowedPeople, author)
    ) {
      return {
        allowed: false,
        why: "In this workspace only the people that a maintainer has listed may ask.",
      };
    }
    if (isClosed) {
      return {
        allowed: false,
        why: `The repository ${repository.name} is not among those that this workspace allows.`,
      };
    }
    if (author.kind === "bot") return { allowed: true, workspaceId, opened };

    const linkedTo = connections.personOf(author.platform, author.host, author.id);
    const personId = connections.personOf(author.platform, author.host, author.id, workspaceId);
    if (personId !== undefined) return { allowed: true, personId, workspaceId, opened };
    const isOutsider = linkedTo !== undefined && !isMemberOf(workspaceId, linkedTo);

    const knowsRepositories = options.traits(place.platform)?.accountsKnowRepositories !== false;
    const mayGoOn = opened || (rooms.length > 0 && about === undefined);
    // Who they are elsewhere is nothing to this workspace: with it, their own tokens and secrets would reach its back end.
    if (!settings.requireLink && (knowsRepositories || mayGoOn))
      return { allowed: true, workspaceId, opened, ...(isOutsider ? { outsider } : {}) };
    if (isOutsider) return { allowed: false, why: outsider };
    const why = settings.requireLink
      ? "This workspace asks everybody to link the account first."
      : `An account on ${options.traits(place.platform)?.name ?? place.platform} says nothing about access to repositories, so link it first.`;
    return { allowed: "needs-link", why, linkUrl: linkFor(mention), workspaceId };
  };

  return {
    settings: (connectionId) => settingsOf(workspaceOf(connectionId)),
    explainSettings: (connectionId) =>
      explainSettingsOf(workspaceOf(connectionId)).map(({ field, value, source }) => ({
        key: field.key,
        value,
        source,
      })),
    judge,
    linkFor,
    linkPage: (platform) => `${options.publicUrl}/integrations/${platform}`,
    onLinked: options.links.onLinked,
    settingsOf,
    explainSettingsOf,
    workspaceOf,
    tenantOf,
  };
};
