import { useCallback, useEffect, useState } from "react";
import { askWorker, sayProblem } from "../client.ts";
import type { PlaceStatus } from "../messages.ts";
import { isLive } from "../page/run-line.ts";

/** Milliseconds between two looks while a run is going on and the page is seen. */
const pause = 3_000;
/** Milliseconds after something was done here in which its effect may still be on its way: a new run, a stop. */
const settling = 15_000;

export interface StatusNow {
  readonly status: PlaceStatus | undefined;
  readonly problem: string | undefined;
  readonly show: (status: PlaceStatus) => void;
  readonly reload: () => void;
}

/** Status of the page at `url`, kept fresh only as long as something is going on there. */
export const useStatus = (url: string | undefined): StatusNow => {
  const [status, setStatus] = useState<PlaceStatus | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((known) => known + 1), []);

  useEffect(() => {
    if (url === undefined) return;
    let left = false;
    let timer: number | undefined;
    const settled = Date.now() + (round === 0 ? 0 : settling);
    const look = async (): Promise<void> => {
      if (document.hidden) {
        timer = window.setTimeout(look, pause);
        return;
      }
      try {
        const news = await askWorker("place-status", { url });
        if (left) return;
        setStatus(news);
        setProblem(undefined);
        if (news.runs.some(isLive) || Date.now() < settled) timer = window.setTimeout(look, pause);
      } catch (cause) {
        if (!left) setProblem(sayProblem(cause));
      }
    };
    void look();
    return () => {
      left = true;
      window.clearTimeout(timer);
    };
  }, [url, round]);

  return { status, problem, show: setStatus, reload };
};
