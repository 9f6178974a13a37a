import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import { Link } from "wouter";
import { useAnswer } from "../api.ts";
import { Icon } from "../parts/icon.tsx";
import { usePerson } from "../session/person.tsx";
import { isAgent, type PlatformView } from "./use-platforms.ts";

interface Step {
  readonly done: boolean;
  readonly label: string;
  readonly href?: string | undefined;
}

/** What is left to do before the first run; gone when all is done. */
export const FirstSteps = ({
  connections,
  platforms,
}: {
  readonly connections: readonly ConnectionView[];
  readonly platforms: readonly PlatformView[];
}) => {
  const { workspace } = usePerson();
  const runs = useAnswer("listRuns", { params: { workspace: workspace.id }, query: { limit: 1 } });
  const isWorking = ({ active, status }: ConnectionView): boolean => active && status?.ok !== false;
  const agents = platforms.filter(isAgent).map(({ id }) => id);
  const first = platforms.find((one) => !isAgent(one));
  const [agent] = agents;
  const steps: readonly Step[] = [
    {
      done: connections.some((one) => !agents.includes(one.platform) && isWorking(one)),
      label: "Connect a place where you work",
      href: first === undefined ? undefined : `/integrations/${first.id}`,
    },
    {
      done: connections.some((one) => agents.includes(one.platform) && isWorking(one)),
      label: "Connect OpenHands",
      href: agent === undefined ? undefined : `/integrations/${agent}`,
    },
    {
      done: (runs.data?.runs.length ?? 0) > 0,
      label: "Ask: mention @openhands on an issue, pull request, ticket or in a channel",
      href: "/activity",
    },
  ];
  if (runs.data === undefined || steps.every(({ done }) => done)) return null;
  return (
    <section className="card steps-card" aria-labelledby="first-steps">
      <h2 id="first-steps">Three steps to the first run</h2>
      <ol>
        {steps.map(({ done, label, href }) => (
          <li key={label} data-done={done}>
            <span className="step-mark">{done && <Icon name="check" />}</span>
            {done || href === undefined ? label : <Link href={href}>{label}</Link>}
            {done && <span className="sr"> (done)</span>}
          </li>
        ))}
      </ol>
    </section>
  );
};
