import type { MeView, WorkspaceView } from "@ask-openhands/core/api/types.ts";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useAnswer } from "../api.ts";
import { Empty } from "../parts/empty.tsx";
import { DoorAnswer } from "./door-answer.tsx";

interface Person {
  readonly me: MeView;
  readonly workspace: WorkspaceView;
  readonly isMaintainer: boolean;
  readonly isOwner: boolean;
  readonly chooseWorkspace: (id: string) => void;
}

const Known = createContext<Person | undefined>(undefined);
const key = "workspace";

/** Who is signed in, and in which workspace. Only under `PersonProvider`. */
export const usePerson = (): Person => {
  const person = useContext(Known);
  if (person === undefined) throw new Error("usePerson outside PersonProvider");
  return person;
};

const Inside = ({ me, children }: { readonly me: MeView; readonly children: ReactNode }) => {
  const [chosen, setChosen] = useState(() => window.localStorage.getItem(key));
  const workspace = me.workspaces.find(({ id }) => id === chosen) ?? me.workspaces[0];
  if (workspace === undefined)
    return (
      <main className="door">
        <Empty icon="people" title="You are in no workspace">
          <p>Ask a maintainer for an invitation link, then open it here.</p>
        </Empty>
      </main>
    );
  const chooseWorkspace = (id: string): void => {
    window.localStorage.setItem(key, id);
    setChosen(id);
  };
  const isOwner = workspace.role === "owner";
  return (
    <Known
      value={{
        me,
        workspace,
        isOwner,
        isMaintainer: isOwner || workspace.role === "maintainer",
        chooseWorkspace,
      }}
    >
      {children}
    </Known>
  );
};

export const PersonProvider = ({ children }: { readonly children: ReactNode }) => (
  <DoorAnswer of={useAnswer("getMe", {})} label="your account">
    {(me) => <Inside me={me}>{children}</Inside>}
  </DoorAnswer>
);
