import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Notice } from "./parts.tsx";
import { StatusView } from "./status-view.tsx";
import { byPerson } from "./use-act.ts";
import { useStatus } from "./use-status.ts";

export interface PanelProps {
  readonly close: () => void;
  /** Address of the place it is about, when that is not the page's own. */
  readonly about?: string | undefined;
  /** Calls back with the page's address when it changes; returns what stops it. */
  readonly hearUrl: (changed: (url: string) => void) => () => void;
}

export const PanelView = ({ close, hearUrl, about }: PanelProps) => {
  const [url, setUrl] = useState(about ?? window.location.href);
  const { status, problem, show, reload } = useStatus(url);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => hearUrl(setUrl), [hearUrl]);
  useEffect(() => heading.current?.focus(), []);
  const leave = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from anywhere inside
    <div onKeyDown={leave}>
      <header>
        <h1 className="grow clip" tabIndex={-1} ref={heading}>
          Integration status <span className="mute">{status?.place?.label}</span>
        </h1>
        <button type="button" className="quiet" onClick={byPerson(reload)}>
          Refresh
        </button>
        <button type="button" className="quiet" aria-label="Close" onClick={byPerson(close)}>
          ✕
        </button>
      </header>
      <div className="body stack">
        {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
        {status === undefined && problem === undefined && <p className="mute">Asking…</p>}
        {status !== undefined && <StatusView status={status} url={url} show={show} reload={reload} />}
      </div>
    </div>
  );
};
