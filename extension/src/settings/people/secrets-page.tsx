import type { SecretView } from "@ask-openhands/core/api/types.ts";
import { type FormEvent, useState } from "react";
import { Chip, Field } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";

const lists = ["listSecrets", "listMySecrets"] as const;

const ChangeForm = ({ secret, close }: { readonly secret: SecretView; readonly close: () => void }) => {
  const [description, setDescription] = useState(secret.description);
  const [value, setValue] = useState("");
  const change = useChange("changeSecret", ...lists);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate(
      { params: { secret: secret.id }, body: { description, ...(value === "" ? {} : { value }) } },
      { onSuccess: close },
    );
  };
  return (
    <form className="close" aria-label={`Change ${secret.name}`} onSubmit={save}>
      <Field label="Description" value={description} onChange={setDescription} />
      <Field
        label="New value"
        type="password"
        value={value}
        onChange={setValue}
        help="Empty: the stored value stays. It is never shown."
      />
      <ProblemNotice cause={change.error} />
      <div className="row">
        <button type="submit" className="primary" disabled={change.isPending}>
          {change.isPending ? "Saving…" : "Save"}
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
};

const Row = ({ secret, mayChange }: { readonly secret: SecretView; readonly mayChange: boolean }) => {
  const [isOpen, setOpen] = useState(false);
  const remove = useChange("deleteSecret", ...lists);
  return (
    <li className="close">
      <div className="line-item">
        <div className="tight grow">
          <p className="row">
            <code>{secret.name}</code>
            {secret.overrides !== undefined && <Chip tone="warn">{secret.overrides}</Chip>}
          </p>
          <p className="mute small">
            {secret.description === "" ? "" : `${secret.description} · `}changed{" "}
            <Moment at={secret.changedAt} />
          </p>
        </div>
        {mayChange && (
          <div className="row">
            <button type="button" aria-label={`Change ${secret.name}`} onClick={() => setOpen(!isOpen)}>
              Change
            </button>
            <ConfirmButton
              label="Remove"
              accessibleName={`Remove ${secret.name}`}
              title={`Remove ${secret.name}?`}
              confirm="Remove"
              busy="Removing…"
              act={() => remove.mutateAsync({ params: { secret: secret.id } })}
            >
              <p>New runs do not get it any more. Runs that are under way keep it.</p>
            </ConfirmButton>
          </div>
        )}
      </div>
      {isOpen && <ChangeForm secret={secret} close={() => setOpen(false)} />}
    </li>
  );
};

const AddForm = ({ label, add }: { readonly label: string; readonly add: ReturnType<typeof useAdd> }) => {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [value, setValue] = useState("");
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!(await add.save({ name, description, value }))) return;
    setName("");
    setDescription("");
    setValue("");
  };
  return (
    <details>
      <summary>{label}</summary>
      <form className="close" aria-label={label} onSubmit={(event) => void save(event)}>
        <Field
          label="Name"
          value={name}
          onChange={(text) => setName(text.toUpperCase().replaceAll(/[\s-]/g, "_"))}
          help="As the agent's environment variable: capitals, digits and _."
          placeholder="NPM_TOKEN"
          required
        />
        <Field
          label="Description"
          value={description}
          onChange={setDescription}
          help="Tells the agent what it is for."
        />
        <Field label="Value" type="password" value={value} onChange={setValue} required />
        <ProblemNotice cause={add.problem} />
        <div className="row">
          <button type="submit" className="primary" disabled={add.isBusy}>
            {add.isBusy ? "Saving…" : "Add secret"}
          </button>
        </div>
      </form>
    </details>
  );
};

interface NewSecret {
  readonly name: string;
  readonly description: string;
  readonly value: string;
}

const useAdd = (save: (secret: NewSecret) => Promise<unknown>, isBusy: boolean, problem: unknown) => ({
  isBusy,
  problem,
  save: async (secret: NewSecret): Promise<boolean> => {
    try {
      await save(secret);
      return true;
    } catch {
      // Shown by the form from `problem`.
      return false;
    }
  },
});

const List = ({
  secrets,
  mayChange,
}: {
  readonly secrets: readonly SecretView[];
  readonly mayChange: boolean;
}) =>
  secrets.length === 0 ? (
    <Empty icon="key" title="No secrets yet" />
  ) : (
    <ul className="lines">
      {secrets.map((secret) => (
        <Row key={secret.id} secret={secret} mayChange={mayChange} />
      ))}
    </ul>
  );

/** Values that the agent gets as environment variables; they go in and never come out. */
export const SecretsPage = () => {
  const { workspace, isMaintainer } = usePerson();
  const params = { workspace: workspace.id };
  const shared = useAnswer("listSecrets", { params });
  const own = useAnswer("listMySecrets", {});
  const addShared = useChange("createSecret", ...lists);
  const addOwn = useChange("createMySecret", ...lists);
  const sharing = useAdd(
    (body) => addShared.mutateAsync({ params, body }),
    addShared.isPending,
    addShared.error,
  );
  const owning = useAdd((body) => addOwn.mutateAsync({ body }), addOwn.isPending, addOwn.error);
  return (
    <Page
      title="Secrets"
      intro="The agent gets them as environment variables. Values are sealed at once and never shown again, not even to you."
    >
      <div className="stack">
        <Card title="This workspace" intro={`For every run of ${workspace.name}.`}>
          <Answer of={shared} label="secrets">
            {({ items }) => <List secrets={items} mayChange={isMaintainer} />}
          </Answer>
          {isMaintainer && <AddForm label="Add a secret of the workspace" add={sharing} />}
        </Card>
        <Card title="Your own" intro="For your runs only; they override the workspace's of the same name.">
          <Answer of={own} label="your secrets">
            {({ items }) => <List secrets={items} mayChange />}
          </Answer>
          <AddForm label="Add a secret of your own" add={owning} />
        </Card>
      </div>
    </Page>
  );
};
