import type { ConnectionView, CredentialKindView, Problem } from "@ask-openhands/core/api/types.ts";
import { useMutation } from "@tanstack/react-query";
import { client, problemOf, refresh } from "../api.ts";
import { usePerson } from "../session/person.tsx";
import { type Draft, toChange, toValues } from "./draft.ts";

export interface Save {
  readonly draft: Draft;
  readonly host: string | undefined;
  readonly name: string;
  readonly ca: string;
  /** Secrets to take out. */
  readonly removed: ReadonlySet<string>;
  readonly approveHost?: boolean | undefined;
  readonly keepAnyway?: boolean | undefined;
}

interface Options {
  readonly kind: CredentialKindView;
  readonly owner: "workspace" | "person";
  readonly stored: ConnectionView | undefined;
  readonly done: (saved: ConnectionView) => void;
}

interface Saving {
  readonly save: (what: Save) => void;
  readonly isSaving: boolean;
  readonly problem: Problem | undefined;
}

/** Saves a form of credentials: a new connection of the workspace or of the person, or a change of one. The bot checks it live. */
export const useSave = ({ kind, owner, stored, done }: Options): Saving => {
  const { workspace } = usePerson();
  const change = (what: Save, to: ConnectionView): Promise<ConnectionView> =>
    client.call("changeConnection", {
      params: { connection: to.id },
      body: {
        ...toChange(kind, what.draft, to, what.removed),
        ...(what.name.trim() === "" ? {} : { name: what.name }),
        ca: what.ca.trim() === "" ? null : what.ca,
        approveHost: what.approveHost,
        keepAnyway: what.keepAnyway,
      },
    });
  const add = (what: Save): Promise<ConnectionView> => {
    const body = {
      platform: kind.platform,
      kind: kind.kind,
      ...toValues(kind, what.draft),
      ...(what.host === undefined ? {} : { host: what.host }),
      ...(what.name.trim() === "" ? {} : { name: what.name }),
      ...(what.ca.trim() === "" ? {} : { ca: what.ca }),
      approveHost: what.approveHost,
      keepAnyway: what.keepAnyway,
    };
    return owner === "person"
      ? client.call("createMyConnection", { body })
      : client.call("createConnection", { params: { workspace: workspace.id }, body });
  };
  const saving = useMutation({
    mutationFn: (what: Save) => (stored === undefined ? add(what) : change(what, stored)),
    onSuccess: async (saved) => {
      await refresh("listConnections", "listMyConnections", "getMe", "listHosts");
      done(saved);
    },
  });
  return {
    save: saving.mutate,
    isSaving: saving.isPending,
    problem: saving.error === null ? undefined : problemOf(saving.error),
  };
};
