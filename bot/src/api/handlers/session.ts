import type { SessionView } from "@ask-openhands/core/api/types.ts";
import { firstWorkspaceId, memberId } from "../../people/members.ts";
import { hashToken, newId } from "../../people/tokens.ts";
import { acceptInvitation } from "../accept-invitation.ts";
import { sessionCookie } from "../authenticate.ts";
import { beginSession } from "../begin-session.ts";
import type { ApiDeps, Call, Handlers } from "../call.ts";
import type { Limits } from "../limits.ts";
import type { OAuthFlow } from "../oauth-flow.ts";
import { describeOneTimeLink, findInvitation } from "../one-time-links.ts";
import { problem } from "../problem.ts";
import { signInWays } from "../sign-in-ways.ts";

type Names = "getSession" | "signIn" | "signOut" | "describeLink" | "startOAuth";

const weakLink = () =>
  problem(404, "This link was used already, is too old, or was not made here. Ask for a new one.");

export const createSessionHandlers = (deps: ApiDeps, limits: Limits, oauth: OAuthFlow): Handlers<Names> => {
  const { people, publicUrl, now } = deps;
  const { directory, sessions } = people;

  const view = (call: Pick<Call<"getSession">, "actor" | "cookies">): SessionView => {
    const { actor } = call;
    const person = actor === undefined ? undefined : directory.get("people", actor.personId);
    const cookie = call.cookies.get(sessionCookie(publicUrl));
    return {
      signedIn: person !== undefined,
      ...(person === undefined ? {} : { person: { id: person.id, name: person.value.name } }),
      ...(actor?.session === undefined || cookie === undefined
        ? {}
        : { csrfToken: sessions.csrfToken(cookie) }),
      ways: signInWays(deps),
      ready: directory.list("people").length > 0,
      version: deps.version,
    };
  };

  /** The first person owns the first workspace. */
  const signInFirst = async (token: string, name: string | undefined): Promise<string> => {
    const taken = await people.oneTime.take("first-sign-in", token);
    if (taken === undefined) throw weakLink();
    const owner = directory
      .list("members")
      .find(({ value }) => value.workspaceId === firstWorkspaceId && value.role === "owner");
    if (owner !== undefined) return owner.value.personId;
    const personId = newId();
    const at = new Date(now()).toISOString();
    await directory.write([
      { put: "people", id: personId, value: { name: name ?? "Owner", createdAt: at } },
      {
        put: "members",
        id: memberId(firstWorkspaceId, personId),
        value: { workspaceId: firstWorkspaceId, personId, role: "owner", joinedAt: at },
      },
    ]);
    return personId;
  };

  const signInInvited = async (call: Call<"signIn">): Promise<string> => {
    const invitation = findInvitation(directory, call.body.token, now());
    if (invitation === undefined) throw weakLink();
    const { personId } = call.actor ?? {};
    if (personId === undefined && call.body.name === undefined)
      throw problem(400, "Say what you are called.", { fields: [{ field: "name", detail: "is missing" }] });
    const accepted = await acceptInvitation(deps, invitation, { personId, name: call.body.name ?? "" });
    if (accepted === undefined) throw weakLink();
    return accepted;
  };

  return {
    getSession: (call) => view(call),
    signIn: async (call) => {
      await limits.guess(call.address);
      const isFirst = people.oneTime.find("first-sign-in", call.body.token) !== undefined;
      const personId = isFirst
        ? await signInFirst(call.body.token, call.body.name)
        : await signInInvited(call);
      const session = await beginSession(
        deps,
        call.cookies,
        personId,
        isFirst ? "first sign-in link" : "invitation",
      );
      return view({
        actor: { personId, session: hashToken(session) },
        cookies: { ...call.cookies, get: () => session },
      });
    },
    signOut: async (call) => {
      if (call.actor?.session !== undefined) await sessions.end(call.actor.session);
      call.cookies.set(sessionCookie(publicUrl), "", 0);
      await people.audit.append({ action: "session.ended", person: call.actor?.personId });
      return undefined;
    },
    describeLink: async (call) => {
      await limits.guess(call.address);
      const link = describeOneTimeLink(deps, call.body.token);
      if (link === undefined) throw weakLink();
      return link;
    },
    startOAuth: async (call) => {
      await limits.guess(call.address);
      return { url: await oauth.start(call) };
    },
  };
};
