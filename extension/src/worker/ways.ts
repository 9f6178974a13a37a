import { read } from "../storage.ts";
import { findBot } from "./bot.ts";
import { findDirect } from "./direct.ts";
import { Trouble } from "./trouble.ts";
import type { Way } from "./way.ts";

export const findWay = (name: Way["name"]): Promise<Way | undefined> =>
  name === "bot" ? findBot() : findDirect();

/** The way the person prefers, else the one there is. */
export const findPreferredWay = async (): Promise<Way | undefined> => {
  const { prefers } = await read("preferences");
  return (await findWay(prefers)) ?? (await findWay(prefers === "bot" ? "direct" : "bot"));
};

export const needWay = async (name?: Way["name"]): Promise<Way> => {
  const way = name === undefined ? await findPreferredWay() : await findWay(name);
  if (way === undefined)
    throw new Trouble(
      "OpenHands is not connected yet.",
      "Pair a bot, or enter an OpenHands key, in the popup of Ask OpenHands.",
    );
  return way;
};
