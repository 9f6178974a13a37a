import { slackEscape, slackLink } from "@ask-openhands/core/render/slack-text.ts";
import { slackActionId } from "@ask-openhands/core/render/to-slack.ts";
import { counted, stateMarks } from "@ask-openhands/core/render/words.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { PlatformDeps } from "../deps.ts";
import { repositoryOption } from "./forms.ts";

const shownRuns = 20;
const lineLength = 300;

const sectionLength = 3_000;

/** Escaping makes a text longer, so it is measured afterwards; half an entity at the cut goes too. */
const escaped = (text: string, limit: number): string => {
  const whole = slackEscape(text.replace(/`/g, "'").replace(/\s+/g, " ").trim());
  return whole.length <= limit ? whole : `${whole.slice(0, limit - 1).replace(/&[a-z]{0,3}$/, "")}…`;
};

const section = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
  type: "section",
  text: { type: "mrkdwn", text: text.slice(0, sectionLength), verbatim: true },
  ...more,
});

const button = (label: string, actionId: string, more: Readonly<Record<string, string>>) => ({
  type: "button",
  text: { type: "plain_text", text: label, emoji: true },
  action_id: actionId,
  ...more,
});

type OwnFacts = NonNullable<ReturnType<NonNullable<PlatformDeps["ownAccounts"]>["describe"]>>;

/** What the buttons of Home are named by, beside those of runs. */
export const homeActions = {
  unlink: "ask-openhands:unlink",
  repository: "ask-openhands:my-repository",
  clear: "ask-openhands:no-repository-of-mine",
} as const;

export interface HomeFacts {
  readonly handle: string;
  /** Absent while the account is linked to nobody. */
  readonly own?: OwnFacts | undefined;
  readonly linkUrl: string;
  readonly settingsUrl: string;
  /** Scopes that the app lacks. */
  readonly missing: readonly string[];
  readonly runs: readonly Run[];
  /** Repository of the newest run: used when nothing else is named. */
  readonly lastRepository?: string | undefined;
}

const runLine = (run: Run) => {
  const ask = escaped(run.asks[0]?.request || run.place.title || run.place.label, lineLength);
  const where = run.repository === undefined ? "" : ` · ${escaped(run.repository.name, 120)}`;
  const label = escaped(run.place.label, 80) || "Slack";
  const link = slackLink(run.place.url, run.place.label.slice(0, 80) || "Slack");
  const named = link.length > 2_000 ? label : link;
  const text = `${stateMarks[run.state]} ${named}${where}\n${ask}`;
  const isPlace = run.place.platform === "slack" && run.place.address["thread"] !== undefined;
  const stop = !isOver(run) && isPlace;
  return section(
    text,
    stop
      ? {
          accessory: button("Stop", slackActionId("stop"), {
            value: `${run.place.address["channel"]}|${run.place.address["thread"]}`,
            style: "danger",
          }),
        }
      : {},
  );
};

const mostNamed = 10;

const named = (names: readonly string[]): string => {
  const shown = names.slice(0, mostNamed).map((name) => escaped(name, 150));
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(" · ") : `${shown.join(" · ")} · and ${counted(rest, "more", "more")}`;
};

const plain = (text: string) => ({ type: "plain_text", text, emoji: true });

const confirmUnlink = {
  title: plain("Unlink this account?"),
  text: plain(
    "What you ask here waits until you link it again. Work that goes on is not stopped, and your other accounts stay linked.",
  ),
  confirm: plain("Unlink"),
  deny: plain("Keep it"),
  style: "danger",
};

const accountBlocks = ({ own, linkUrl, settingsUrl }: HomeFacts): readonly unknown[] => {
  if (own === undefined)
    return [
      section("Your account is not linked yet: link it, so that OpenHands can work with your rights.", {
        accessory: button("Link", "ask-openhands:link", { url: linkUrl, style: "primary" }),
      }),
    ];
  const connections = own.connections.map(({ name, problem }) =>
    problem === undefined ? name : `${name} (⚠️ ${problem})`,
  );
  return [
    section("✅ This Slack account is linked.", {
      accessory: {
        ...button("Unlink", homeActions.unlink, { style: "danger" }),
        confirm: confirmUnlink,
      },
    }),
    section(`*My accounts*\n${named(own.links)}`),
    ...(connections.length === 0 ? [] : [section(`*My connections*\n${named(connections)}`)]),
    ...(own.missing.length === 0
      ? []
      : [
          section(
            `⚠️ *Missing:* no account of yours is linked at ${named(own.missing)}. OpenHands works there only with your rights.`,
          ),
        ]),
    {
      type: "actions",
      elements: [button("Accounts and settings", "ask-openhands:settings", { url: settingsUrl })],
    },
  ];
};

const repositoryBlocks = ({ own, lastRepository }: HomeFacts): readonly unknown[] => {
  const last =
    lastRepository === undefined
      ? "When a request names none, you are asked which one you mean."
      : `Requests that name none mean your last one: \`${escaped(lastRepository, 200)}\`.`;
  if (own === undefined) return [section(last)];
  const present = own.defaultRepository === undefined ? undefined : repositoryOption(own.defaultRepository);
  const search = {
    type: "external_select",
    action_id: homeActions.repository,
    min_query_length: 0,
    placeholder: plain("Choose a repository"),
    ...(present === undefined ? {} : { initial_option: present }),
  };
  return [
    section(
      present === undefined ? last : "Requests that name none mean this one, unless the channel has its own.",
      { accessory: search },
    ),
    ...(present === undefined
      ? []
      : [{ type: "actions", elements: [button("Have no default", homeActions.clear, {})] }]),
  ];
};

const heading = (text: string) => ({ type: "header", text: plain(text) });

/** App Home: what is linked, what is missing, the default repository, my runs. At most 100 blocks. https://docs.slack.dev/surfaces/app-home */
export const homeView = (facts: HomeFacts) => ({
  type: "home" as const,
  blocks: [
    heading("Ask OpenHands"),
    section(
      `Mention \`${escaped(facts.handle, 100)}\` in a channel, write to me here, or use “Ask OpenHands” in a message's menu.`,
    ),
    ...(facts.missing.length === 0
      ? []
      : [
          section(
            `⚠️ The app lacks these scopes: ${escaped(facts.missing.join(", "), 1_000)}. Whoever installed it can add them.`,
          ),
        ]),
    { type: "divider" },
    ...accountBlocks(facts),
    { type: "divider" },
    heading("Default repository"),
    ...repositoryBlocks(facts),
    { type: "divider" },
    heading("My runs"),
    ...(facts.runs.length === 0 ? [section("Nothing yet.")] : facts.runs.slice(0, shownRuns).map(runLine)),
  ],
});
