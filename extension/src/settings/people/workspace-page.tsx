import { useState } from "react";
import { Field } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";
import { Hosts } from "./hosts.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { WorkspaceEnd } from "./workspace-end.tsx";

const Name = () => {
  const { workspace, isMaintainer } = usePerson();
  const [name, setName] = useState(workspace.name);
  const rename = useChange("renameWorkspace", "getMe");
  if (!isMaintainer) return <p>{workspace.name}</p>;
  return (
    <form
      className="close"
      aria-label="Name of the workspace"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ params: { workspace: workspace.id }, body: { name } });
      }}
    >
      <div className="row bottom">
        <div className="grow">
          <Field label="Workspace name" value={name} onChange={setName} required />
        </div>
        <button type="submit" disabled={rename.isPending || name === workspace.name || name.trim() === ""}>
          Rename
        </button>
      </div>
      <ProblemNotice cause={rename.error} />
    </form>
  );
};

/** How the bot behaves for everybody of the workspace. */
export const WorkspacePage = () => {
  const { workspace, isOwner } = usePerson();
  const settings = useAnswer("getSettings", { params: { workspace: workspace.id } });
  return (
    <Page
      title="Workspace"
      intro="How the bot behaves for everybody here. What is not set comes from the environment or is the default."
    >
      <div className="stack" key={workspace.id}>
        <Card title="Name">
          <Name />
        </Card>
        <Card title="Behaviour">
          <Answer of={settings} label="settings">
            {({ items }) => <SettingsForm settings={items} />}
          </Answer>
        </Card>
        <Hosts />
        {isOwner && <WorkspaceEnd />}
      </div>
    </Page>
  );
};
