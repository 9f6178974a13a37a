/** Runs `work` once in the next frame, however often it is asked for before. */
export const oncePerFrame = (window: Window, work: () => void, signal: AbortSignal): (() => void) => {
  let waiting = false;
  return () => {
    if (waiting || signal.aborted) return;
    waiting = true;
    window.requestAnimationFrame(() => {
      waiting = false;
      if (!signal.aborted) work();
    });
  };
};
