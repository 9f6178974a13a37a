import type { LinkAnswer, SiteView } from "@ask-openhands/core/api/types.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { countsIn, linkId } from "../../people/links.ts";
import { roleOf } from "../../people/members.ts";
import { readHost } from "../../settings/read-field.ts";
import { type ApiDeps, type Call, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";
import { proofKinds, proofWays } from "../sign-in-ways.ts";
import { findConnection, kindOf, toConnectionView } from "../views/connection-view.ts";
import { linksOf, personRef, platformName, toLink } from "../views/person-view.ts";

type Names = "findSite" | "linkToConnection" | "unlinkFromConnection" | "linkAccount" | "unlinkAccount";

const weakLink = () =>
  problem(
    404,
    "This link was used already, is too old, or was not made here. Mention us again to get a new one.",
  );

/** `yourcompany` means the vendor's own domain where the example of the catalog shows one. */
const hostOf = (deps: ApiDeps, platform: string, typed: string): string => {
  const host = readHost(typed);
  if (host === undefined)
    throw problem(
      400,
      "That is not a name, a host or an address. Write it like yourcompany or jira.example.com.",
    );
  if (host.includes(".") || host.includes(":")) return host;
  const example = deps.catalog.find(
    (kind) => kind.platform === platform && kind.siteDomain !== undefined,
  )?.siteDomain;
  return example === undefined ? host : `${host}.${example}`;
};

export const createSiteHandlers = (deps: ApiDeps): Handlers<Names> => {
  const { people } = deps;
  const { connections, directory, links, audit } = people;

  /** A connection by which a comment of this person on the server is heard; each workspace has handles of its own. */
  const earOf = (platform: string, host: string, personId: string): Connection | undefined =>
    connections
      .all()
      .find(
        (one) =>
          one.platform === platform &&
          one.host === host &&
          one.owner.kind === "workspace" &&
          roleOf(directory, one.owner.id, personId) !== undefined,
      );

  /** How to prove an account on a server: OAuth there, a token of one's own, or a comment. */
  const needsProof = async (
    platform: string,
    host: string,
    personId: string,
    heardBy = earOf(platform, host, personId),
  ): Promise<LinkAnswer> => {
    const ways = proofWays(deps, platform, host);
    const code = await people.linkCodes.make(personId, platform, host);
    const handle = people.policy.settings(heardBy?.id).handles[0] ?? "@openhands";
    return {
      linked: false,
      why: `Prove that the account on ${host} is yours: sign in there, or write the text below as a comment.`,
      ways,
      kinds: proofKinds(deps, platform),
      code: `${handle} ${code}`,
    };
  };

  const linkedAnswer = (id: string): LinkAnswer => {
    const link = directory.get("links", id)?.value;
    if (link === undefined) throw weakLink();
    return { linked: true, link: toLink(deps, id, link) };
  };

  const ownLink = (personId: string, connection: Connection) =>
    linksOf(deps, personId, connection.owner.id).find(
      (link) => link.platform === connection.platform && link.host === connection.host,
    );

  const removeHooks = async (connection: Connection, oneTimeToken: string | undefined): Promise<void> => {
    const hooks = deps.platforms.get(connection.platform)?.hooks;
    if (hooks === undefined || oneTimeToken === undefined) return;
    try {
      for (const resource of await hooks.list(connection.id))
        if (resource.state !== "missing") await hooks.remove(connection.id, resource.id, oneTimeToken);
    } catch (cause) {
      // The site is switched off either way; deliveries of a hook that stays are refused.
      if (!(cause instanceof Failure)) throw cause;
      deps.log.warn({ connection: connection.id, error: cause.hint }, "A webhook could not be removed");
    }
  };

  const switchOff = async (connection: Connection, personId: string): Promise<void> => {
    const record = directory.get("connections", connection.id)?.value;
    if (record !== undefined)
      await directory.write([{ put: "connections", id: connection.id, value: { ...record, active: false } }]);
    await audit.append({
      action: "site.switched-off",
      workspace: connection.owner.kind === "workspace" ? connection.owner.id : undefined,
      person: personId,
      target: connection.id,
      detail: connection.host,
    });
  };

  const linkAccount = async (call: Call<"linkAccount">): Promise<LinkAnswer> => {
    const personId = personOf(call);
    const claim = people.linkTokens.read(call.body.token);
    if (claim === undefined) throw weakLink();
    const id = linkId(claim.platform, claim.host, claim.id);
    const known = directory.get("links", id)?.value;
    if (known?.personId === personId && countsIn(known, claim.within)) return linkedAnswer(id);
    if (!claim.alone) return needsProof(claim.platform, claim.host, personId);
    if (!(await people.oneTime.use(claim.nonce, claim.until))) throw weakLink();
    await links.add(claim, personId, "message", claim.within);
    await audit.append({
      action: "account.linked",
      person: personId,
      target: `${claim.platform}:${claim.host}:${claim.name}`,
      detail: "message",
    });
    return linkedAnswer(id);
  };

  const findSite = (call: Call<"findSite">): SiteView => {
    const { workspace, platform } = call.params;
    const host = hostOf(deps, platform, call.query.name);
    const site = connections
      .all()
      .find(
        (one) =>
          one.platform === platform &&
          one.host === host &&
          one.owner.kind === "workspace" &&
          one.owner.id === workspace,
      );
    const ways = proofWays(deps, platform, host);
    if (site === undefined)
      return {
        platform,
        host,
        state: "unknown",
        message: `${host} is not set up yet. Enter the credentials of its service account.`,
        ways,
      };
    const connection = toConnectionView(deps, site, personOf(call));
    const creator = site.createdBy === undefined ? "the operator" : personRef(directory, site.createdBy).name;
    if (!site.active)
      return {
        platform,
        host,
        state: "inactive",
        message: `${host} is switched off. Only ${creator} can switch it on again.`,
        connection,
        ways,
      };
    if (connection.linkedAs !== undefined)
      return {
        platform,
        host,
        state: "linked",
        message: `You are linked to ${host} as ${connection.linkedAs.name}.`,
        connection,
        ways,
      };
    return {
      platform,
      host,
      state: "active",
      message: `${host} is set up by ${creator}. Link yourself to it.`,
      connection,
      ways,
    };
  };

  return {
    findSite,
    linkAccount,
    linkToConnection: (call) => {
      const connection = findConnection(deps, call.params.connection);
      if (!connection.active)
        throw problem(409, `${connection.host} is switched off, so nobody can link to it now.`);
      const link = ownLink(personOf(call), connection);
      return link === undefined
        ? needsProof(connection.platform, connection.host, personOf(call), connection)
        : { linked: true, link };
    },
    unlinkFromConnection: async (call) => {
      const connection = findConnection(deps, call.params.connection);
      const personId = personOf(call);
      const link = ownLink(personId, connection);
      const isCreator =
        connection.createdBy === personId &&
        kindOf(deps, connection.platform, connection.kind)?.creatorOnly === true;
      if (!isCreator && link === undefined)
        throw problem(404, `You have no linked account on ${connection.host}.`);
      if (link !== undefined) await links.remove(link.id);
      if (isCreator) {
        await removeHooks(connection, call.body.oneTimeToken);
        await switchOff(connection, personId);
      }
      await audit.append({
        action: "account.unlinked",
        person: personId,
        target: `${connection.platform}:${connection.host}`,
      });
      return {
        unlinked: isCreator ? "workspace-off" : "own-link",
        connection: toConnectionView(deps, findConnection(deps, connection.id), personId),
      };
    },
    unlinkAccount: async (call) => {
      const link = directory.get("links", call.params.link)?.value;
      if (link?.personId !== personOf(call)) throw problem(404, "There is no such link, or it is not yours.");
      await links.remove(call.params.link);
      await audit.append({
        action: "account.unlinked",
        person: link.personId,
        target: `${platformName(deps, link.platform)}:${link.host}:${link.accountName}`,
      });
      return undefined;
    },
  };
};
