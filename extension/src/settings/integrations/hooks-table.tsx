import type { ConnectionView, HookResourceView, HooksView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Chip, Field, type Tone, WebLink } from "../../ui/parts.tsx";
import { client, problemOf, queries, useAnswer } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { HookAction, type HookWork } from "./hook-action.tsx";

const words: Readonly<Record<HookResourceView["state"], readonly [Tone, string]>> = {
  installed: ["good", "Installed"],
  missing: ["plain", "Not installed"],
  failed: ["bad", "Failed"],
  disabled: ["warn", "Switched off there"],
};

const many = 8;

interface Trouble {
  readonly resource: string;
  readonly sentence: string;
}

/** A time where the server tells one, else its own words. */
const Delivery = ({ text }: { readonly text: string | undefined }) => {
  if (text === undefined) return "None yet";
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text) ? <Moment at={text} /> : text;
};

const Row = ({
  resource,
  trouble,
  running,
  work,
  mayChange,
}: {
  readonly resource: HookResourceView;
  readonly trouble: string | undefined;
  readonly running: HookWork | undefined;
  readonly work: (work: HookWork) => void;
  readonly mayChange: boolean;
}) => {
  const [tone, word] = trouble === undefined ? words[resource.state] : words.failed;
  const error = trouble ?? resource.error;
  return (
    <tr>
      <th scope="row" data-label="Resource">
        <WebLink url={resource.url}>{resource.name}</WebLink>
        {resource.url === undefined && resource.name}
      </th>
      <td data-label="Type">{resource.type}</td>
      <td data-label="Status">
        <div className="tight">
          <Chip tone={tone}>{word}</Chip>
          {error !== undefined && <p className="wrong small">{error}</p>}
          {resource.missingRight !== undefined && (
            <p className="mute small">Needs: {resource.missingRight}</p>
          )}
        </div>
      </td>
      <td data-label="Last delivery" className="mute">
        <Delivery text={resource.lastDelivery} />
      </td>
      <td data-label="Action">
        {mayChange ? (
          <HookAction resource={resource} running={running} work={work} />
        ) : (
          <span className="mute">Maintainers only</span>
        )}
      </td>
    </tr>
  );
};

const Table = ({ connection, hooks }: { readonly connection: ConnectionView; readonly hooks: HooksView }) => {
  const [filter, setFilter] = useState("");
  const [token, setToken] = useState("");
  const [running, setRunning] = useState<HookWork | undefined>();
  const [trouble, setTrouble] = useState<Trouble | undefined>();
  const [said, setSaid] = useState("");
  const busy: HookWork | undefined =
    running ?? (hooks.busy === undefined ? undefined : { resource: hooks.busy, action: "repair" });
  // A whole site is changed by its administrators only; their token serves this one time.
  const needsToken = hooks.resources.some(({ type }) => type === "site");
  const shown = hooks.resources.filter(({ name }) =>
    name.toLowerCase().includes(filter.trim().toLowerCase()),
  );

  const work = async (what: HookWork): Promise<void> => {
    const name = hooks.resources.find(({ id }) => id === what.resource)?.name ?? what.resource;
    setRunning(what);
    setTrouble(undefined);
    setSaid("");
    try {
      const answer = await client.call("changeHook", {
        params: { connection: connection.id },
        body: { ...what, ...(token === "" ? {} : { oneTimeToken: token }) },
      });
      queries.setQueryData(["listHooks", { params: { connection: connection.id } }], answer);
      setToken("");
      setSaid(
        what.action === "remove"
          ? `The webhook of ${name} is removed.`
          : `The webhook of ${name} is installed.`,
      );
    } catch (cause) {
      setTrouble({ resource: what.resource, sentence: problemOf(cause).detail });
    } finally {
      setRunning(undefined);
    }
  };

  if (hooks.resources.length === 0)
    return (
      <Empty icon="plug" title="Nothing here can carry a webhook">
        <p>
          These credentials administer no group, project or repository. We look for new asks by ourselves
          instead.
        </p>
      </Empty>
    );
  return (
    <div className="close">
      {hooks.resources.length > many && (
        <Field label="Find" value={filter} onChange={setFilter} placeholder="Part of a name" />
      )}
      {needsToken && connection.may.hooks && (
        <Field
          label="Administrator's token"
          type="password"
          value={token}
          onChange={setToken}
          help="Used for this one change and never stored."
        />
      )}
      <p className="sr" role="status">
        {said}
      </p>
      <div className="table-frame">
        <table className="table">
          <caption className="sr">Webhooks of {connection.name}</caption>
          <thead>
            <tr>
              <th scope="col">Resource</th>
              <th scope="col">Type</th>
              <th scope="col">Status</th>
              <th scope="col">Last delivery</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((resource) => (
              <Row
                key={resource.id}
                resource={resource}
                trouble={trouble?.resource === resource.id ? trouble.sentence : undefined}
                running={busy}
                work={(what) => void work(what)}
                mayChange={connection.may.hooks}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p className="mute">No name contains “{filter}”.</p>}
    </div>
  );
};

/** Webhooks of what a connection reaches: one change at a time, and the list is read again by itself. */
export const HooksTable = ({ connection }: { readonly connection: ConnectionView }) => {
  const hooks = useAnswer("listHooks", { params: { connection: connection.id } });
  return (
    <section className="close" aria-label={`Webhooks of ${connection.name}`}>
      <h4>Webhooks</h4>
      <Answer of={hooks} label="webhooks">
        {(value) => <Table connection={connection} hooks={value} />}
      </Answer>
    </section>
  );
};
