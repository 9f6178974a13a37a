import { type SyntheticEvent, useCallback, useState } from "react";
import { sayProblem } from "../client.ts";

export interface Acting {
  /** Name of what is going on now. */
  readonly busy: string | undefined;
  readonly problem: string | undefined;
  /** Runs `work` unless something is going on already; trouble is kept as a sentence. True when it went well. */
  readonly act: (name: string, work: () => Promise<unknown>) => Promise<boolean>;
}

export const useAct = (): Acting => {
  const [busy, setBusy] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const act = useCallback(async (name: string, work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(name);
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (cause) {
      setProblem(sayProblem(cause));
      return false;
    } finally {
      setBusy(undefined);
    }
  }, []);
  return { busy, problem, act };
};

/** Only what a person did counts: inside a page, its scripts could click or submit too. */
export const byPerson =
  (act: () => void) =>
  (event: SyntheticEvent): void => {
    event.preventDefault();
    if (event.nativeEvent.isTrusted) act();
  };
