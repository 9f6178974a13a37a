import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";
import { type KeyboardEvent, useEffect, useState } from "react";
import { askWorker, sayProblem } from "../client.ts";
import type { Overview, Replies } from "../messages.ts";
import { AskForm } from "./ask-form.tsx";
import { ConnectAgent } from "./connect-agent.tsx";
import { ConnectBot } from "./connect-bot.tsx";
import { Chip, Choice, Notice } from "./parts.tsx";
import { RunCard } from "./run-card.tsx";
import { StatusView } from "./status-view.tsx";
import { Tokens } from "./tokens.tsx";
import { byPerson } from "./use-act.ts";
import { useStatus } from "./use-status.ts";

type Page = Replies["current-page"];

const ThisPage = ({ page, reload }: { readonly page: Page; readonly reload: () => void }) => {
  const here = page?.label === undefined ? undefined : page;
  const now = useStatus(here?.url);
  if (page === null || here?.label === undefined) {
    return (
      <p className="mute">
        Open an issue, a pull request, a ticket, a repository, a file or a CI run on GitHub, GitLab, Bitbucket
        or Jira to ask about it.
      </p>
    );
  }
  return (
    <div className="stack">
      <AskForm
        url={here.url}
        label={here.label}
        kind={(here.kind ?? "issue") as PageKind}
        change={here.change ?? "pull request"}
        asked={() => {
          reload();
          now.reload();
        }}
      />
      <hr />
      {now.problem !== undefined && <Notice tone="bad">{now.problem}</Notice>}
      {now.status !== undefined && (
        <StatusView status={now.status} url={here.url} show={now.show} reload={now.reload} />
      )}
    </div>
  );
};

const Runs = ({ overview, reload }: { readonly overview: Overview; readonly reload: () => void }) => (
  <div className="stack">
    {overview.runs.length === 0 && <p className="mute">What you ask from this browser is listed here.</p>}
    {overview.runs.map((run) => (
      <RunCard
        key={run.id}
        run={run}
        url={run.place.url}
        changed={reload}
        title={`${run.place.label}${run.place.repository === undefined ? "" : ` · ${run.place.repository}`}`}
      />
    ))}
  </div>
);

const ways = [
  ["bot", "Through the bot"],
  ["direct", "Straight to OpenHands"],
] as const;

const Connect = ({
  overview,
  show,
}: {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}) => {
  const prefer = (value: string): void =>
    void askWorker("save-preferences", { prefers: value === "direct" ? "direct" : "bot" }).then(show);
  return (
    <div className="stack">
      {overview.bot !== undefined && overview.agent !== undefined && (
        <Choice label="Asks go" value={overview.prefers} options={ways} onChange={prefer} />
      )}
      <ConnectBot overview={overview} show={show} />
      <ConnectAgent overview={overview} show={show} />
      <Tokens overview={overview} show={show} />
    </div>
  );
};

const tabs = ["Ask", "Runs", "Connect"] as const;
type Tab = (typeof tabs)[number];

const Tabs = ({ tab, choose }: { readonly tab: Tab; readonly choose: (tab: Tab) => void }) => {
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next =
      step === undefined ? undefined : tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div role="tablist" className="tabs" aria-label="Sections" onKeyDown={move}>
      {tabs.map((name) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          aria-selected={name === tab}
          aria-controls="body"
          tabIndex={name === tab ? 0 : -1}
          onClick={byPerson(() => choose(name))}
        >
          {name}
        </button>
      ))}
    </div>
  );
};

const modes: Readonly<Record<Overview["mode"], readonly ["good" | "warn", string]>> = {
  bot: ["good", "Bot"],
  direct: ["good", "Direct"],
  none: ["warn", "Not connected"],
};

export const PopupView = ({ wide }: { readonly wide: boolean }) => {
  const [overview, setOverview] = useState<Overview | undefined>();
  const [page, setPage] = useState<Page>(null);
  const [tab, setTab] = useState<Tab | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const reload = (): void =>
    void askWorker("overview", {}).then(setOverview, (cause) => setProblem(sayProblem(cause)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the popup opens
  useEffect(() => {
    reload();
    void askWorker("current-page", {}).then(setPage, () => setPage(null));
  }, []);
  const shown: Tab =
    tab ?? (overview === undefined || (overview.mode !== "none" && !wide) ? "Ask" : "Connect");
  return (
    <main className={wide ? "popup wide" : "popup"}>
      <header>
        <h1 className="grow">Ask OpenHands</h1>
        {overview !== undefined && <Chip tone={modes[overview.mode][0]}>{modes[overview.mode][1]}</Chip>}
        <button
          type="button"
          className="quiet"
          onClick={byPerson(() => void chrome.runtime.openOptionsPage())}
        >
          Options
        </button>
      </header>
      <Tabs tab={shown} choose={setTab} />
      <div className="body" role="tabpanel" id="body" aria-labelledby={`tab-${shown}`}>
        {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
        {overview !== undefined && shown === "Ask" && <ThisPage page={page} reload={reload} />}
        {overview !== undefined && shown === "Runs" && <Runs overview={overview} reload={reload} />}
        {overview !== undefined && shown === "Connect" && <Connect overview={overview} show={setOverview} />}
      </div>
    </main>
  );
};
