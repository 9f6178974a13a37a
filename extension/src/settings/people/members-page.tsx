import type { MemberView, RoleName } from "@ask-openhands/core/api/types.ts";
import { Chip, type Tone } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";
import { Invitations } from "./invitations.tsx";

const roles: readonly RoleName[] = ["owner", "maintainer", "member"];
const tones: Readonly<Record<RoleName, Tone>> = { owner: "good", maintainer: "plain", member: "plain" };

const isRole = (value: string): value is RoleName => roles.some((role) => role === value);

const Member = ({ member }: { readonly member: MemberView }) => {
  const { me, workspace, isOwner } = usePerson();
  const change = useChange("changeMember", "listMembers", "getMe");
  const remove = useChange("removeMember", "listMembers", "getMe");
  const { person, role, may } = member;
  const params = { workspace: workspace.id, person: person.id };
  const isMe = person.id === me.id;
  const choose = (value: string): void => {
    if (isRole(value)) change.mutate({ params, body: { role: value } });
  };
  return (
    <li className="close">
      <div className="line-item">
        <div className="tight grow">
          <p className="row">
            <strong>{person.name}</strong>
            {isMe && <span className="mute small">you</span>}
            {!may.changeRole && <Chip tone={tones[role]}>{role}</Chip>}
          </p>
          <p className="mute small">
            {member.links.length === 0
              ? "No linked account"
              : member.links.map(({ accountName, host }) => `${accountName} (${host})`).join(", ")}
            {" · "}
            joined <Moment at={member.joinedAt} />
            {member.lastSeenAt !== undefined && (
              <>
                {" · seen "}
                <Moment at={member.lastSeenAt} />
              </>
            )}
          </p>
        </div>
        {may.changeRole && (
          <select
            className="fit"
            aria-label={`Role of ${person.name}`}
            value={role}
            disabled={change.isPending}
            onChange={(event) => choose(event.target.value)}
          >
            {roles
              .filter((one) => isOwner || one !== "owner" || one === role)
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </select>
        )}
        {may.remove && (
          <ConfirmButton
            label={isMe ? "Leave" : "Remove"}
            accessibleName={isMe ? "Leave the workspace" : `Remove ${person.name}`}
            title={isMe ? `Leave ${workspace.name}?` : `Remove ${person.name}?`}
            confirm={isMe ? "Leave" : "Remove"}
            busy="One moment…"
            act={() => remove.mutateAsync({ params })}
          >
            <p>
              {isMe ? "You lose" : `${person.name} loses`} access to this workspace. Linked accounts and own
              credentials stay with {isMe ? "you" : "them"}.
            </p>
          </ConfirmButton>
        )}
      </div>
      <ProblemNotice cause={change.error} />
    </li>
  );
};

/** Who belongs to the workspace. */
export const MembersPage = () => {
  const { workspace, isMaintainer } = usePerson();
  const members = useAnswer("listMembers", { params: { workspace: workspace.id } });
  return (
    <Page
      title="Members"
      intro="Members ask and see runs; maintainers change the workspace's connections; owners make owners."
    >
      <div className="stack">
        <Card title="People">
          <Answer of={members} label="members">
            {({ items }) => (
              <ul className="lines">
                {items.map((member) => (
                  <Member key={member.person.id} member={member} />
                ))}
              </ul>
            )}
          </Answer>
        </Card>
        {isMaintainer && <Invitations />}
      </div>
    </Page>
  );
};
