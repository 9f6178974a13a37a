import type { InvitationView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Chip, Choice, Field } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { CopyField } from "../parts/copy-field.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";

const roles = [
  ["member", "Member"],
  ["maintainer", "Maintainer"],
] as const;

const days = [
  ["1", "1 day"],
  ["7", "7 days"],
  ["30", "30 days"],
] as const;

const Row = ({ invitation }: { readonly invitation: InvitationView }) => {
  const { workspace } = usePerson();
  const remove = useChange("deleteInvitation", "listInvitations");
  const label = invitation.note ?? `Invitation as ${invitation.role}`;
  const isOver = Date.parse(invitation.expiresAt) < Date.now();
  return (
    <li className="close">
      <div className="line-item">
        <div className="tight grow">
          <p className="row">
            {label} <Chip tone="plain">{invitation.role}</Chip>
          </p>
          <p className="mute small">
            {invitation.acceptedBy === undefined ? (
              <>
                {isOver ? "ended " : "ends "}
                <Moment at={invitation.expiresAt} />
              </>
            ) : (
              `accepted by ${invitation.acceptedBy.name}`
            )}
          </p>
        </div>
        {invitation.acceptedBy === undefined && (
          <button
            type="button"
            className="danger"
            aria-label={`Take back: ${label}`}
            disabled={remove.isPending}
            onClick={() => remove.mutate({ params: { workspace: workspace.id, invitation: invitation.id } })}
          >
            Take back
          </button>
        )}
      </div>
      <ProblemNotice cause={remove.error} />
    </li>
  );
};

/** Links that make new members; each is shown once and works once. */
export const Invitations = () => {
  const { workspace } = usePerson();
  const params = { workspace: workspace.id };
  const invitations = useAnswer("listInvitations", { params });
  const create = useChange("createInvitation", "listInvitations");
  const [role, setRole] = useState<"member" | "maintainer">("member");
  const [note, setNote] = useState("");
  const [length, setLength] = useState("7");
  return (
    <Card title="Invitations" intro="A link works once. Give it to the person yourself.">
      <form
        className="close"
        aria-label="New invitation"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { params, body: { role, days: Number(length), ...(note.trim() === "" ? {} : { note }) } },
            { onSuccess: () => setNote("") },
          );
        }}
      >
        <div className="fields three">
          <Field label="For whom" value={note} onChange={setNote} placeholder="A note for this list" />
          <Choice
            label="Role"
            value={role}
            options={roles}
            onChange={(value) => setRole(value === "maintainer" ? "maintainer" : "member")}
          />
          <Choice label="Lasts" value={length} options={days} onChange={setLength} />
        </div>
        <ProblemNotice cause={create.error} />
        <div className="row">
          <button type="submit" className="primary" disabled={create.isPending}>
            {create.isPending ? "Making…" : "Make an invitation link"}
          </button>
        </div>
      </form>
      {create.data !== undefined && (
        <div className="notice close" data-tone="good" role="status">
          <CopyField label="Invitation link" value={create.data.url} help="Shown this once." />
        </div>
      )}
      <Answer of={invitations} label="invitations">
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="people" title="No invitations" />
          ) : (
            <ul className="lines">
              {items.map((invitation) => (
                <Row key={invitation.id} invitation={invitation} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
};
