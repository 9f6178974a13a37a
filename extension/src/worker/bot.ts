import { type Client, createClient } from "@ask-openhands/core/api/client.ts";
import type { AskView, Body, PlaceStatusView, RunView } from "@ask-openhands/core/api/types.ts";
import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";
import type { Asked, AskInput, PlaceStatus } from "../messages.ts";
import { type Kept, type KeptRun, read } from "../storage.ts";
import { keepRun } from "./runs.ts";
import { Trouble } from "./trouble.ts";
import { dropForNow, getForNow, putForNow, readWithSecrets } from "./vault.ts";
import type { AskedPage, Way } from "./way.ts";

export const botTokenName = "bot-token";

export const createBotClient = (baseUrl: string, token?: string): Client =>
  createClient({ baseUrl, fetch: (input, init) => fetch(input, init), token: () => token });

/** What the bot is told. Title and branch of the page stay here: the bot reads the place itself. */
const bodyOf = (input: AskInput, { url }: AskedPage): Body<"ask"> => ({
  url,
  text: input.text,
  requestId: input.requestId,
  ...(input.context !== undefined && { context: [...input.context] }),
});

/** Pages that carry no comments, so that no report can stand there. */
const nobodyTalks: ReadonlySet<PageKind> = new Set<PageKind>(["repository", "file", "pipeline"]);

const says: Readonly<Partial<Record<AskView["accepted"], string>>> = {
  known: "This was asked already.",
  replaced: "This replaced an ask that was still waiting.",
  withdrawn: "The ask was taken back.",
};

const toAsked = (view: AskView): Asked => {
  const why = view.why ?? says[view.accepted];
  const where =
    view.place.kind === "page"
      ? `Asked about ${view.place.label}. Its state appears here in a moment.`
      : `Asked on ${view.place.label}. The report appears there in a moment.`;
  const waits = view.run === undefined && why === undefined ? where : why;
  return { key: view.key, run: view.run, ...(waits !== undefined && { says: waits }) };
};

const toStatus = (view: PlaceStatusView, destination: string): PlaceStatus => {
  const { place, ...rest } = view;
  return {
    ...rest,
    mode: "bot",
    destination,
    ...(place && {
      place: { label: place.label, url: place.url, title: place.title, platformName: place.platformName },
    }),
  };
};

/** The bot that this browser is paired with, ready to be called. */
export const findPaired = async (): Promise<
  { readonly bot: NonNullable<Kept["bot"]>; readonly client: Client } | undefined
> => {
  const { kept: bot, secrets } = await readWithSecrets("bot", [botTokenName]);
  const token = secrets[botTokenName];
  return bot === undefined || token === undefined
    ? undefined
    : { bot, client: createBotClient(bot.baseUrl, token) };
};

/** The paired bot as a way, or undefined when none is paired. */
export const findBot = async (): Promise<Way | undefined> => {
  const paired = await findPaired();
  return paired && createBotWay(paired.bot, paired.client);
};

/** Where an ask is remembered, with the site it was asked on, until it has a run. */
const waiting = (key: string): string => `ask ${key}`;

const createBotWay = (bot: NonNullable<Kept["bot"]>, client: Client): Way => {
  const { workspace } = bot;
  const destination = new URL(bot.baseUrl).host;

  const keep = async (asked: Asked, pageUrl: string): Promise<Asked> => {
    if (asked.run !== undefined) await keepRun({ key: asked.key, pageUrl, through: "bot", run: asked.run });
    else await putForNow(waiting(asked.key), new URL(pageUrl).origin);
    return asked;
  };

  const steer = async (kept: KeptRun, name: "stopRun" | "retryRun"): Promise<Asked> => {
    const view = await client.call(name, { params: { run: kept.run.id } });
    // Stopping answers with the run itself when the command opened none of its own.
    const run: RunView = view.run ?? (await client.call("getRun", { params: { run: kept.run.id } }));
    return keep(
      { ...toAsked({ ...view, run }), key: name === "retryRun" ? view.key : kept.key },
      kept.pageUrl,
    );
  };

  return {
    name: "bot",
    destination,
    preview: async (input, asked) => ({
      goes: `Goes to your bot at ${destination}. ${
        nobodyTalks.has(asked.page.kind)
          ? "Nothing is posted on this page; the answer appears here and on the bot's page."
          : `The report appears on ${asked.page.label}.`
      }`,
      text: `POST ${bot.baseUrl}/api/v1/workspaces/${workspace}/asks\n${JSON.stringify(bodyOf(input, asked), null, 2)}`,
    }),
    ask: async (input, asked) =>
      keep(
        toAsked(await client.call("ask", { params: { workspace }, body: bodyOf(input, asked) })),
        asked.page.url,
      ),
    follow: async (kept) => {
      const run = await client.call("getRun", { params: { run: kept.run.id } });
      return keep({ key: kept.key, run }, kept.pageUrl);
    },
    stop: (kept) => steer(kept, "stopRun"),
    retry: (kept) => steer(kept, "retryRun"),
    say: async (kept, text) => {
      const view = await client.call("sayToRun", { params: { run: kept.run.id }, body: { text } });
      return keep({ ...toAsked(view), run: view.run ?? kept.run }, kept.pageUrl);
    },
    status: async ({ url, page }) => {
      const view = await client.call("getPlace", { params: { workspace }, query: { url } });
      for (const run of view.runs) {
        const known = (await read("runs")).find((kept) => kept.run.id === run.id);
        if (known !== undefined) await keepRun({ ...known, run, pageUrl: page.url });
      }
      return toStatus(view, destination);
    },
  };
};

/** What became of an ask whose run did not exist yet when it was asked. A script on one site hears nothing of what was asked on another. */
export const followAskByKey = async (key: string, pageUrl: string): Promise<Asked> => {
  const paired = await findPaired();
  if (paired === undefined) throw new Trouble("This browser is no longer paired.");
  if ((await getForNow(waiting(key))) !== new URL(pageUrl).origin)
    throw new Trouble("This was not asked on this site.", "Open the status to see what goes on here.");
  const { bot, client } = paired;
  const asked = toAsked(
    await client.call("getAsk", { params: { workspace: bot.workspace }, query: { key } }),
  );
  if (asked.run !== undefined) {
    await keepRun({ key, pageUrl, through: "bot", run: asked.run });
    await dropForNow(waiting(key));
  }
  return asked;
};

/** Installs or repairs the webhook of the place, where the person may. */
export const changeHook = async (url: string, action: "install" | "repair"): Promise<void> => {
  const paired = await findPaired();
  if (paired === undefined)
    throw new Trouble("Webhooks are installed through a bot, and this browser is paired with none.");
  const { bot, client } = paired;
  const status = await client.call("getPlace", { params: { workspace: bot.workspace }, query: { url } });
  if (status.connection === undefined || status.hook === undefined)
    throw new Trouble(status.problem ?? "There is no webhook to install here.", status.cure);
  if (!status.hook.mayInstall)
    throw new Trouble("You may not install this webhook.", status.hook.missingRight);
  await client.call("changeHook", {
    params: { connection: status.connection.id },
    body: { action, resource: status.hook.resource },
  });
};
