import { products } from "@ask-openhands/core/connection/page-place.ts";
import * as z from "zod";
import { change, read } from "../storage.ts";
import { originPattern, readBaseUrl } from "./address.ts";
import { registerSites } from "./sites.ts";
import { Trouble } from "./trouble.ts";

const fileSchema = z.strictObject({
  format: z.literal("ask-openhands-extension-1"),
  preferences: z.strictObject({
    theme: z.enum(["page", "light", "dark"]),
    notify: z.boolean(),
    prefers: z.enum(["bot", "direct"]),
  }),
  sites: z.array(z.strictObject({ address: z.string().max(300), product: z.enum(products) })).max(100),
  /** Addresses only, to be paired or given a key anew. */
  bot: z.string().max(300).optional(),
  agent: z
    .strictObject({
      kind: z.enum(["cloud", "server"]),
      baseUrl: z.string().max(300),
      model: z.string().max(200).optional(),
    })
    .optional(),
});

/** All settings as JSON text. Tokens, keys, the pairing and runs are left out. */
export const exportSettings = async (): Promise<string> => {
  const [bot, agent, sites] = [await read("bot"), await read("agent"), await read("sites")];
  const file: z.infer<typeof fileSchema> = {
    format: "ask-openhands-extension-1",
    preferences: await read("preferences"),
    sites: sites.map(({ origin, product }) => ({ address: origin.slice(0, -2), product })),
    ...(bot && { bot: bot.baseUrl }),
    ...(agent && {
      agent: { kind: agent.kind, baseUrl: agent.baseUrl, ...(agent.model && { model: agent.model }) },
    }),
  };
  return JSON.stringify(file, null, 2);
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble("The file is no JSON.", "Choose a file that was exported here.");
  }
};

/** Takes over preferences and sites; a site starts working when the person allows it in the list. Throws `Trouble`. */
export const importSettings = async (text: string): Promise<void> => {
  const parsed = fileSchema.safeParse(readJson(text));
  if (!parsed.success)
    throw new Trouble(
      "The file holds no settings of this extension.",
      "Choose a file that was exported here.",
    );
  const { preferences, sites, agent } = parsed.data;
  const added = sites.map(({ address, product }) => ({
    origin: originPattern(readBaseUrl(address)),
    product,
  }));
  await change("preferences", () => preferences);
  await change("sites", (known) => [
    ...known.filter((site) => !added.some(({ origin }) => origin === site.origin)),
    ...added,
  ]);
  // A key that is stored for another address must not go to an imported one.
  if (agent !== undefined)
    await change("agent", (known) => known ?? { ...agent, baseUrl: readBaseUrl(agent.baseUrl) });
  await registerSites();
};
