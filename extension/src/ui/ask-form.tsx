import type { PageKind } from "@ask-openhands/core/connection/page-place/page.ts";
import { useRef, useState } from "react";
import { askWorker } from "../client.ts";
import type { Asked, Preview } from "../messages.ts";
import { type ReadyAsk, readyAsks } from "../sites/ready-asks.ts";
import { Notice } from "./parts.tsx";
import { RunCard } from "./run-card.tsx";
import { byPerson, useAct } from "./use-act.ts";

interface Props {
  readonly url: string;
  readonly label: string;
  readonly kind: PageKind;
  readonly change: string;
  readonly asked: () => void;
}

/** Free ask about the page of the current tab, from the popup. */
export const AskForm = ({ url, label, kind, change, asked }: Props) => {
  const [text, setText] = useState("");
  const [preview, setPreview] = useState<Preview | undefined>();
  const [result, setResult] = useState<Asked | undefined>();
  const requestId = useRef(crypto.randomUUID());
  const { busy, problem, act } = useAct();

  const choose = (ask: ReadyAsk): void => {
    setText(ask.text);
    requestId.current = crypto.randomUUID();
  };
  const look = (): void =>
    void act("preview", async () =>
      setPreview(await askWorker("preview-ask", { url, text, requestId: requestId.current })),
    );
  const send = (): void =>
    void act("ask", async () => {
      setResult(await askWorker("ask", { url, text, requestId: requestId.current }));
      requestId.current = crypto.randomUUID();
      setText("");
      setPreview(undefined);
      asked();
    });

  return (
    <form className="close" onSubmit={byPerson(send)}>
      <label className="field">
        <span>
          What should OpenHands do on <strong>{label}</strong>?
        </span>
        <textarea
          value={text}
          rows={4}
          maxLength={20_000}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="row">
        {readyAsks(kind, change, new Set(["file"]))
          .slice(0, 3)
          .map((ask) => (
            <button key={ask.id} type="button" onClick={byPerson(() => choose(ask))}>
              {ask.label}
            </button>
          ))}
      </div>
      <details
        onToggle={(event) => {
          if (event.currentTarget.open && text.trim() !== "") look();
        }}
      >
        <summary className="small mute">Exactly what is sent</summary>
        <pre className="notice small" style={{ whiteSpace: "pre-wrap", maxHeight: 160, overflow: "auto" }}>
          {text.trim() === "" ? "Nothing yet." : (preview?.text ?? "…")}
        </pre>
      </details>
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      <div className="row">
        <button type="submit" className="primary" disabled={busy === "ask" || text.trim() === ""}>
          {busy === "ask" ? "Asking…" : "Ask"}
        </button>
      </div>
      {result?.says !== undefined && <Notice tone="good">{result.says}</Notice>}
      {result?.run !== undefined && <RunCard run={result.run} url={url} changed={asked} />}
    </form>
  );
};
