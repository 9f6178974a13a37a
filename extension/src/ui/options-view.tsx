import { useEffect, useState } from "react";
import { askWorker, Refusal, sayProblem } from "../client.ts";
import type { Overview, Theme } from "../messages.ts";
import { BotSettings } from "./bot-settings.tsx";
import { Choice, Notice } from "./parts.tsx";
import { Sites } from "./sites.tsx";
import { Surface } from "./surface.tsx";
import { byPerson, useAct } from "./use-act.ts";

interface Props {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}

const themes = [
  ["page", "Like the page"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;

const Shortcut = () => {
  const [keys, setKeys] = useState("");
  useEffect(() => {
    void chrome.commands
      .getAll()
      .then((all) => setKeys(all.find(({ name }) => name === "open-ask")?.shortcut ?? ""));
  }, []);
  const isFirefox = navigator.userAgent.includes("Firefox/");
  const open = (): void => void chrome.tabs.create({ url: "chrome://extensions/shortcuts" });
  return (
    <section className="card" aria-labelledby="shortcut">
      <h2 id="shortcut">Keyboard</h2>
      <p>
        {keys === "" ? "No shortcut is set for asking about a page." : "Ask about the page: "}
        {keys !== "" && <kbd className="chip">{keys}</kbd>}
      </p>
      {isFirefox ? (
        <p className="mute">
          Change it under Add-ons and themes, in the menu of the gear: Manage Extension Shortcuts.
        </p>
      ) : (
        <div className="row">
          <button type="button" onClick={byPerson(open)}>
            Change the shortcut
          </button>
        </div>
      )}
    </section>
  );
};

const Look = ({ overview, show }: Props) => {
  const { problem, act } = useAct();
  const save = (change: { readonly theme?: Theme; readonly notify?: boolean }): void =>
    void act("save", async () => show(await askWorker("save-preferences", change)));
  const notify = (on: boolean): void =>
    void act("notify", async () => {
      if (on && !(await chrome.permissions.request({ permissions: ["notifications"] })))
        throw new Refusal("The browser did not allow notifications.");
      show(await askWorker("save-preferences", { notify: on }));
    });
  return (
    <section className="card" aria-labelledby="look">
      <h2 id="look">Look and news</h2>
      <Choice
        label="Theme"
        value={overview.theme}
        options={themes}
        onChange={(theme) => save({ theme: themes.find(([id]) => id === theme)?.[0] ?? "page" })}
      />
      <label className="row">
        <input type="checkbox" checked={overview.notify} onChange={(event) => notify(event.target.checked)} />
        Tell me when a run that I asked for ends
      </label>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
    </section>
  );
};

const save = (text: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "ask-openhands-settings.json";
  link.click();
  URL.revokeObjectURL(link.href);
};

const Transfer = ({ show }: Pick<Props, "show">) => {
  const { problem, act } = useAct();
  const [done, setDone] = useState(false);
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    void act("import", async () => {
      show(await askWorker("import-settings", { text: await file.text() }));
      setDone(true);
    });
  };
  return (
    <section className="card" aria-labelledby="transfer">
      <div className="tight">
        <h2 id="transfer">Take along</h2>
        <p className="mute">Sites and choices as a file. Tokens, keys and the pairing are never in it.</p>
      </div>
      <div className="row">
        <button
          type="button"
          onClick={byPerson(
            () => void act("export", async () => save((await askWorker("export-settings", {})).text)),
          )}
        >
          Export
        </button>
      </div>
      <label className="field">
        <span>Import a file</span>
        <input
          type="file"
          accept="application/json,.json"
          onChange={(event) => take(event.target.files?.[0])}
        />
      </label>
      {done && <Notice tone="good">Taken over. Allow each new site in the list above.</Notice>}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
    </section>
  );
};

export const OptionsView = () => {
  const [overview, setOverview] = useState<Overview | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  useEffect(() => {
    void askWorker("overview", {}).then(setOverview, (cause) => setProblem(sayProblem(cause)));
  }, []);
  return (
    <Surface theme={overview?.theme}>
      <main className="options stack">
        <h1>Ask OpenHands: options</h1>
        {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
        {overview !== undefined && (
          <>
            <BotSettings overview={overview} />
            <Sites overview={overview} show={setOverview} />
            <Shortcut />
            <Look overview={overview} show={setOverview} />
            <Transfer show={setOverview} />
          </>
        )}
      </main>
    </Surface>
  );
};
