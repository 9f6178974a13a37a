import { useState } from "react";
import { askWorker } from "../client.ts";
import type { Overview } from "../messages.ts";
import { Choice, Field, Notice } from "./parts.tsx";
import { requestAccess } from "./request-access.ts";
import { byPerson, useAct } from "./use-act.ts";

type Kind = "cloud" | "server";

const presets: Readonly<Record<Kind, string>> = {
  cloud: "https://app.all-hands.dev",
  server: "http://localhost:8000",
};

const kinds = [
  ["cloud", "OpenHands Cloud, Enterprise or app server"],
  ["server", "OpenHands agent server"],
] as const;

/** Direct use: OpenHands' own address and the person's key, no bot. */
export const ConnectAgent = ({
  overview,
  show,
}: {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}) => {
  const { agent } = overview;
  const [kind, setKind] = useState<Kind>(agent?.kind ?? "cloud");
  const [baseUrl, setBaseUrl] = useState(agent?.baseUrl ?? presets.cloud);
  const [key, setKey] = useState("");
  const [model, setModel] = useState(agent?.model ?? "");
  const [modelKey, setModelKey] = useState("");
  const { busy, problem, act } = useAct();

  const choose = (value: string): void => {
    const next: Kind = value === "server" ? "server" : "cloud";
    if (baseUrl === presets[kind]) setBaseUrl(presets[next]);
    setKind(next);
  };

  const save = (): void =>
    void act("save", async () => {
      await requestAccess(baseUrl);
      const forServer =
        kind === "server" ? { ...(model !== "" && { model }), ...(modelKey !== "" && { modelKey }) } : {};
      show(await askWorker("save-agent", { kind, baseUrl, key, ...forServer }));
      setKey("");
      setModelKey("");
    });

  return (
    <section className="card">
      <div className="tight">
        <h2>Straight to OpenHands</h2>
        <p className="mute">With your own key and without a bot. The answer stays in the conversation.</p>
      </div>
      {agent !== undefined && (
        <div className="row">
          <p className="grow">
            Connected to <strong>{new URL(agent.baseUrl).host}</strong>
            {agent.model === undefined ? "" : ` with ${agent.model}`}
          </p>
          <button
            type="button"
            className="danger"
            onClick={byPerson(
              () => void act("remove", async () => show(await askWorker("remove-agent", {}))),
            )}
          >
            Remove
          </button>
        </div>
      )}
      <details open={agent === undefined && overview.bot === undefined}>
        <summary>{agent === undefined ? "Enter address and key" : "Change"}</summary>
        <form className="close" onSubmit={byPerson(save)}>
          <Choice label="What it is" value={kind} options={kinds} onChange={choose} />
          <Field label="Address" value={baseUrl} onChange={setBaseUrl} required />
          <Field
            label={kind === "cloud" ? "API key" : "Session API key"}
            type="password"
            value={key}
            onChange={setKey}
            help={
              kind === "cloud"
                ? "From OpenHands, Settings, API Keys."
                : "The key the server was started with; empty for a server without keys."
            }
            required={kind === "cloud"}
          />
          {kind === "server" && (
            <>
              <Field
                label="Model"
                value={model}
                onChange={setModel}
                placeholder="anthropic/claude-sonnet-4-5"
                required
              />
              <Field
                label="Key of the model's provider"
                type="password"
                value={modelKey}
                onChange={setModelKey}
              />
            </>
          )}
          {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
          <div className="row">
            <button type="submit" className="primary" disabled={busy !== undefined}>
              {busy === "save" ? "Checking…" : "Check and save"}
            </button>
          </div>
        </form>
      </details>
    </section>
  );
};
