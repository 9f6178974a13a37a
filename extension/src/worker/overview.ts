import type { Mode, Overview, PageState } from "../messages.ts";
import { read } from "../storage.ts";
import { findPairing } from "./pairing.ts";
import { runsOf } from "./runs.ts";
import { listSites } from "./sites.ts";
import { listTokens } from "./tokens.ts";
import type { AskedPage } from "./way.ts";
import { findPreferredWay } from "./ways.ts";

/** What popup and options show. No secret is in it. */
export const describeAll = async (): Promise<Overview> => {
  // A pairing that ends writes the bot first and goes away last: read the other way round, one of the two is always seen.
  const pairing = await findPairing();
  const { theme, notify, prefers } = await read("preferences");
  const [bot, agent, runs, way] = [
    await read("bot"),
    await read("agent"),
    await read("runs"),
    await findPreferredWay(),
  ];
  // Wished for is not allowed: the switch is on only when the browser lets us tell.
  const mayNotify = await chrome.permissions.contains({ permissions: ["notifications"] });
  const mode: Mode = way?.name ?? "none";
  return {
    mode,
    prefers,
    theme,
    notify: notify && mayNotify,
    ...(bot && {
      bot: { baseUrl: bot.baseUrl, person: bot.person, workspace: bot.workspace, workspaces: bot.workspaces },
    }),
    ...(agent && { agent: { kind: agent.kind, baseUrl: agent.baseUrl, model: agent.model } }),
    tokens: await listTokens(),
    sites: await listSites(),
    runs: runs.slice(0, 10).map(({ run }) => run),
    pairing,
  };
};

/** What a page's button needs to know at once. Nothing is asked of any server for it: opening a page tells nobody. */
export const describePage = async (asked: AskedPage | undefined): Promise<PageState> => {
  const [{ theme }, way] = [await read("preferences"), await findPreferredWay()];
  const runs = asked === undefined ? [] : await runsOf(asked.page.url);
  return {
    mode: way?.name ?? "none",
    destination: way?.destination,
    theme,
    runs: runs.map(({ run }) => run),
  };
};
