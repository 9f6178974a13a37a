import { useState } from "react";
import { Chip, Field } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Card } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";

const sources = {
  catalog: "known",
  environment: "from the environment",
  maintainer: "approved here",
} as const;

/** Servers that the bot may send requests to. */
export const Hosts = () => {
  const { workspace, isMaintainer } = usePerson();
  const params = { workspace: workspace.id };
  const hosts = useAnswer("listHosts", { params });
  const approve = useChange("approveHost", "listHosts");
  const remove = useChange("removeHost", "listHosts");
  const [host, setHost] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  return (
    <Card
      title="Approved hosts"
      intro="Requests to addresses that people typed go to these hosts only. Private addresses need a maintainer's word."
    >
      <Answer of={hosts} label="hosts">
        {({ items }) => (
          <ul className="lines">
            {items.map((one) => (
              <li key={one.host} className="line-item">
                <div className="grow row">
                  <code>{one.host}</code>
                  {one.private && <Chip tone="warn">private address</Chip>}
                  <span className="mute small">
                    {sources[one.source]}
                    {one.approvedBy === undefined ? "" : ` by ${one.approvedBy.name}`}
                  </span>
                </div>
                {isMaintainer && one.source === "maintainer" && (
                  <button
                    type="button"
                    className="danger"
                    aria-label={`Take back approval of ${one.host}`}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate({ params: { ...params, host: one.host } })}
                  >
                    Take back
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <ProblemNotice cause={remove.error} />
      {isMaintainer && (
        <form
          className="close"
          aria-label="Approve a host"
          onSubmit={(event) => {
            event.preventDefault();
            approve.mutate({ params, body: { host, private: isPrivate } }, { onSuccess: () => setHost("") });
          }}
        >
          <Field label="Host" value={host} onChange={setHost} placeholder="git.example.com" required />
          <label className="row nowrap">
            <input
              type="checkbox"
              checked={isPrivate}
              onChange={(event) => setPrivate(event.target.checked)}
            />
            It is a server of our own with a private address
          </label>
          <ProblemNotice cause={approve.error} />
          <div className="row">
            <button type="submit" disabled={approve.isPending || host.trim() === ""}>
              {approve.isPending ? "Approving…" : "Approve host"}
            </button>
          </div>
        </form>
      )}
    </Card>
  );
};
