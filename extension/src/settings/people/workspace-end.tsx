import { useState } from "react";
import { Field } from "../../ui/parts.tsx";
import { useChange } from "../api.ts";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Card } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";

/** Making further workspaces, and ending this one; owners only. */
export const WorkspaceEnd = () => {
  const { workspace, me, chooseWorkspace } = usePerson();
  const [name, setName] = useState("");
  const create = useChange("createWorkspace", "getMe");
  const remove = useChange("deleteWorkspace", "getMe");
  return (
    <Card title="Workspaces" intro="A workspace keeps its own connections, members and runs.">
      <form
        className="row bottom"
        aria-label="New workspace"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(
            { body: { name } },
            {
              onSuccess: ({ id }) => {
                setName("");
                chooseWorkspace(id);
              },
            },
          );
        }}
      >
        <div className="grow">
          <Field label="New workspace" value={name} onChange={setName} placeholder="Name" />
        </div>
        <button type="submit" disabled={create.isPending || name.trim() === ""}>
          Create
        </button>
      </form>
      <ProblemNotice cause={create.error} />
      {me.workspaces.length > 1 && (
        <div className="row">
          <ConfirmButton
            label={`Delete ${workspace.name}`}
            title={`Delete ${workspace.name}?`}
            confirm="Delete the workspace"
            busy="Deleting…"
            act={() => remove.mutateAsync({ params: { workspace: workspace.id } })}
          >
            <p>Its connections, secrets and members end with it. This cannot be taken back.</p>
          </ConfirmButton>
        </div>
      )}
    </Card>
  );
};
