import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import type { BotConnection } from "../messages.ts";
import { findPaired } from "./bot.ts";
import { Trouble } from "./trouble.ts";

const stateOf = ({ active, status }: ConnectionView): BotConnection["state"] => {
  if (!active) return "off";
  if (status === undefined) return "unknown";
  return status.ok ? "connected" : "problem";
};

/** The connections of the chosen workspace, as its bot tells them. No secret is in it: the bot never gives one out. */
export const listBotConnections = async (): Promise<readonly BotConnection[]> => {
  const paired = await findPaired();
  if (paired === undefined) throw new Trouble("This browser is paired with no bot.");
  const { bot, client } = paired;
  const { items } = await client.call("listConnections", { params: { workspace: bot.workspace } });
  return items.map((one) => ({
    id: one.id,
    name: one.name,
    platformName: one.platformName,
    host: one.host,
    account: one.status?.account?.name,
    state: stateOf(one),
    problem: one.status?.problem,
    cure: one.status?.cure,
    url: `${bot.baseUrl}/integrations/${encodeURIComponent(one.platform)}`,
  }));
};
