/**
 * Runs `work` once after the next frame, however often it is asked for before. After the frame the layout is known, so that
 * asking where elements are costs nothing; within it, the question would make the browser lay out the page for us.
 */
export const oncePerFrame = (window: Window, work: () => void, signal: AbortSignal): (() => void) => {
  let waiting = false;
  const run = (): void => {
    waiting = false;
    if (!signal.aborted) work();
  };
  return () => {
    if (waiting || signal.aborted) return;
    waiting = true;
    window.requestAnimationFrame(() => window.setTimeout(run));
  };
};
