import { slackEscape, slackLink } from "@ask-openhands/core/render/slack-text.ts";
import { slackActionId } from "@ask-openhands/core/render/to-slack.ts";
import { stateMarks } from "@ask-openhands/core/render/words.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";

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

export interface HomeFacts {
  readonly handle: string;
  /** True when the account is linked to a person. */
  readonly linked: boolean;
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

/** App Home: what is connected, what is missing, my runs. At most 100 blocks. https://docs.slack.dev/surfaces/app-home */
export const homeView = (facts: HomeFacts) => ({
  type: "home" as const,
  blocks: [
    { type: "header", text: { type: "plain_text", text: "Ask OpenHands", emoji: true } },
    section(
      `Mention \`${escaped(facts.handle, 100)}\` in a channel, write to me here, or use “Ask OpenHands” in a message's menu.`,
    ),
    { type: "divider" },
    facts.linked
      ? section("✅ Your account is connected.", {
          accessory: button("Settings", "ask-openhands:settings", { url: facts.settingsUrl }),
        })
      : section(
          "Your account is not connected yet: connect it, so that OpenHands can work with your rights.",
          {
            accessory: button("Connect", "ask-openhands:link", { url: facts.linkUrl, style: "primary" }),
          },
        ),
    ...(facts.missing.length === 0
      ? []
      : [
          section(
            `⚠️ The app lacks these scopes: ${escaped(facts.missing.join(", "), 1_000)}. Whoever installed it can add them.`,
          ),
        ]),
    section(
      facts.lastRepository === undefined
        ? "No repository yet: name one in your first request (`repo=owner/name`)."
        : `Requests that name no repository mean your last one: \`${escaped(facts.lastRepository, 200)}\`.`,
    ),
    { type: "divider" },
    { type: "header", text: { type: "plain_text", text: "My runs", emoji: true } },
    ...(facts.runs.length === 0 ? [section("Nothing yet.")] : facts.runs.slice(0, shownRuns).map(runLine)),
  ],
});
