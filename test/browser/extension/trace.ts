import type { CDPSession, Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time, where the browser notes it: what others do on the machine does not count. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly data?: { readonly url?: string; readonly fileName?: string } };
}

export interface ScriptTime {
  /** Milliseconds of main-thread time, with what it made the browser do meanwhile (layout, style). */
  readonly spent: number;
  /** How often our code was entered. */
  readonly calls: number;
}

const categories = ["devtools.timeline", "v8.execute", "disabled-by-default-v8.compile", "blink.user_timing"];

const scriptEvents = new Set(["EvaluateScript", "FunctionCall", "v8.compile", "V8.CompileCode", "v8.run"]);

const collect = async (session: CDPSession): Promise<readonly TraceEvent[]> => {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const done = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await done;
  return events;
};

/** Adds up the time of scripts from `origin`; an event inside another one counts once. */
const addUp = (events: readonly TraceEvent[], origin: string): ScriptTime => {
  const ours = events
    .filter(
      ({ name, ph, dur, args }) =>
        ph === "X" &&
        dur !== undefined &&
        scriptEvents.has(name) &&
        (args?.data?.url ?? args?.data?.fileName ?? "").startsWith(origin),
    )
    .sort((one, two) => one.ts - two.ts);
  let [spent, calls] = [0, 0];
  const ends = new Map<string, number>();
  for (const { ts, dur = 0, tdur = dur, pid, tid } of ours) {
    const thread = `${pid}:${tid}`;
    if (ts < (ends.get(thread) ?? 0)) continue;
    ends.set(thread, ts + dur);
    spent += tdur / 1000;
    calls += 1;
  }
  return { spent, calls };
};

/** Main-thread time of one extension's scripts while `work` goes on. */
export const measureScripts = async (
  page: Page,
  extensionId: string,
  work: () => Promise<void>,
): Promise<ScriptTime> => {
  const session = await page.context().newCDPSession(page);
  await session.send("Tracing.start", { categories: categories.join(","), transferMode: "ReportEvents" });
  await work();
  const events = await collect(session);
  await session.detach();
  return addUp(events, `chrome-extension://${extensionId}`);
};
