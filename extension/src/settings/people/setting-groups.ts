import type { SettingView } from "@ask-openhands/core/api/types.ts";

const groups = [
  ["What calls the bot", ["handles", "labels", "plainReplies"]],
  [
    "Who may ask",
    ["requireLink", "trustMembers", "allowedPeople", "blockedPeople", "allowedBots", "allowGuests"],
  ],
  ["For which repositories", ["defaultRepositories", "openChannels", "allowedRepositories"]],
  ["How it works", ["defaultAgent", "model", "agentToken", "allowCiChanges", "closing"]],
  ["Limits", ["runsPerPerson", "runsPerWorkspace", "runTimeout"]],
] as const satisfies readonly (readonly [string, readonly string[]])[];

interface Group {
  readonly title: string;
  readonly items: readonly SettingView[];
}

/** Settings in the order in which people think of them; one that no group names is not lost. */
export const groupSettings = (settings: readonly SettingView[]): readonly Group[] => {
  const named = groups.map(([title, keys]) => ({
    title,
    items: keys.flatMap((key) => settings.find((setting) => setting.key === key) ?? []),
  }));
  const known = new Set<string>(groups.flatMap(([, keys]) => keys));
  const others = { title: "Others", items: settings.filter(({ key }) => !known.has(key)) };
  return [...named, others].filter(({ items }) => items.length > 0);
};

const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  closing: { comment: "A short comment of its own", report: "In the report only" },
  agentToken: { asker: "The asker's, where there is one", workspace: "The workspace's" },
};

/** What people read instead of a choice's value. */
export const sayChoice = (key: string, choice: string): string => choices[key]?.[choice] ?? choice;
