/** Reads server-sent events until the stream ends. Only `data` is used; comments keep the line open. Throws what the stream throws. */
export const readEvents = async (response: Response, heard: (data: string) => void): Promise<void> => {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      if (lines.length > 0) heard(lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n"));
    }
  }
};
