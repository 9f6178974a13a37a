import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import { Link } from "wouter";
import { Chip, type Tone } from "../../ui/parts.tsx";
import { useAnswer } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { connectionState } from "./connection-state.ts";
import { FirstSteps } from "./first-steps.tsx";
import { monogramOf } from "./monogram.ts";
import { isAgent, type PlatformView, useConnections } from "./use-platforms.ts";

const order: readonly Tone[] = ["bad", "warn", "plain", "good"];

/** The worst state counts. */
const summarize = (connections: readonly ConnectionView[]): readonly [Tone, string] => {
  const states = connections.map((one) => connectionState(one));
  const worst = order.flatMap((tone) => states.filter(([one]) => one === tone))[0];
  return worst ?? ["plain", "Not connected"];
};

/** "API token, Access token": what it can be connected with, without the platform's name again. */
const sayKinds = ({ name: platform, kinds }: PlatformView): string =>
  kinds
    .map(({ name }) => (name.startsWith(`${platform} `) ? name.slice(platform.length + 1) : name))
    .map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`)
    .join(", ");

const PlatformCard = ({
  platform,
  connections,
}: {
  readonly platform: PlatformView;
  readonly connections: readonly ConnectionView[];
}) => {
  const [tone, words] = summarize(connections);
  const hosts = [...new Set(connections.map(({ host }) => host))];
  return (
    <li className="tile-card" data-connected={connections.length > 0}>
      <span className="monogram" aria-hidden="true">
        {monogramOf(platform.name)}
      </span>
      <div className="tight grow">
        <h3>
          <Link href={`/integrations/${platform.id}`}>{platform.name}</Link>
        </h3>
        <p className="mute small clip">{hosts.length === 0 ? sayKinds(platform) : hosts.join(", ")}</p>
      </div>
      <Chip tone={tone}>{words}</Chip>
      <Icon name="next" />
    </li>
  );
};

const Group = ({
  title,
  platforms,
  connections,
}: {
  readonly title: string;
  readonly platforms: readonly PlatformView[];
  readonly connections: readonly ConnectionView[];
}) => (
  <section className="close" aria-label={title}>
    <h2>{title}</h2>
    <ul className="tiles">
      {platforms.map((platform) => (
        <PlatformCard
          key={platform.id}
          platform={platform}
          connections={connections.filter((one) => one.platform === platform.id)}
        />
      ))}
    </ul>
  </section>
);

/** Everything that can be connected, and how it stands. */
export const IntegrationsPage = () => {
  const catalog = useAnswer("getCatalog", {});
  const { shared, own } = useConnections();
  const connections = [...(shared.data?.items ?? []), ...(own.data?.items ?? [])];
  return (
    <Page
      title="Integrations"
      intro="Where OpenHands hears you, and where it works. Every connection is checked live when you save it."
    >
      <Answer of={catalog} label="integrations">
        {({ platforms }) => (
          <Answer of={shared} label="connections">
            {() => (
              <div className="stack roomy">
                <FirstSteps connections={connections} platforms={platforms} />
                <Group
                  title="Where you ask"
                  platforms={platforms.filter((one) => !isAgent(one))}
                  connections={connections}
                />
                <Group
                  title="Where it works"
                  platforms={platforms.filter(isAgent)}
                  connections={connections}
                />
              </div>
            )}
          </Answer>
        )}
      </Answer>
    </Page>
  );
};
