import { useEffect, useState } from "react";
import { askWorker, sayProblem } from "../client.ts";
import type { BotConnection, Overview } from "../messages.ts";
import { Chip, Notice, type Tone, WebLink } from "./parts.tsx";

/** Sections of the bot's page. */
const sections = [
  ["integrations", "Integrations and webhooks"],
  ["activity", "Activity"],
  ["secrets", "Secrets"],
  ["members", "Members"],
  ["workspace", "Workspace"],
  ["devices", "Devices"],
  ["account", "Your account"],
] as const;

const states: Readonly<Record<BotConnection["state"], readonly [Tone, string]>> = {
  connected: ["good", "Connected"],
  problem: ["bad", "Problem"],
  off: ["plain", "Switched off"],
  unknown: ["plain", "Not checked"],
};

const Row = ({ connection }: { readonly connection: BotConnection }) => (
  <li className="tight">
    <div className="row nowrap">
      <span className="grow clip">
        <strong>{connection.platformName}</strong> <span className="mute">{connection.host}</span>
        {connection.account === undefined ? "" : ` as ${connection.account}`}
      </span>
      <Chip tone={states[connection.state][0]}>{states[connection.state][1]}</Chip>
      <WebLink url={connection.url}>
        Open<span className="unseen"> {connection.name}</span>
      </WebLink>
    </div>
    {connection.problem !== undefined && (
      <p className="small mute">
        {connection.problem} {connection.cure}
      </p>
    )}
  </li>
);

/** How the bot's connections stand, and the way to each section of its settings page. */
export const BotSettings = ({ overview: { bot } }: { readonly overview: Overview }) => {
  const [connections, setConnections] = useState<readonly BotConnection[] | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const paired = bot === undefined ? undefined : `${bot.baseUrl} ${bot.workspace}`;
  useEffect(() => {
    if (paired === undefined) return;
    void askWorker("bot-connections", {}).then(setConnections, (cause) => setProblem(sayProblem(cause)));
  }, [paired]);
  return (
    <section className="card" aria-labelledby="settings">
      <div className="tight">
        <h2 id="settings">Connections, webhooks and members</h2>
        <p className="mute">
          {bot === undefined
            ? "They belong to your bot. Pair this browser with one in the popup of Ask OpenHands."
            : "Kept by your bot. Its settings page opens signed in where you approved the pairing."}
        </p>
      </div>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {connections?.length === 0 && <p>Nothing is connected to this workspace yet.</p>}
      {connections !== undefined && connections.length > 0 && (
        <ul className="close" aria-label="Connections">
          {connections.map((connection) => (
            <Row key={connection.id} connection={connection} />
          ))}
        </ul>
      )}
      {bot !== undefined && (
        <ul className="row" style={{ columnGap: 16 }} aria-label="Sections">
          {sections.map(([path, words]) => (
            <li key={path}>
              <WebLink url={`${bot.baseUrl}/${path}`}>{words}</WebLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
