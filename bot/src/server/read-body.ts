import type { IncomingMessage } from "node:http";

export type ReadBody =
  | { readonly bytes: Uint8Array }
  | { readonly failed: "too-large" | "cut-off" | "compressed" };

/** The whole body, or why not; never holds more than `limit` bytes. Compressed bodies are refused: no sender of ours uses them, and a small one can grow without bound. */
export const readBody = (request: IncomingMessage, limit: number): Promise<ReadBody> => {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return Promise.resolve({ failed: "compressed" });
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) return Promise.resolve({ failed: "too-large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const cutOff = (): void => resolve({ failed: "cut-off" });
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      chunks.length = 0;
      request.pause();
      request.removeAllListeners("data");
      resolve({ failed: "too-large" });
    });
    request.on("end", () => {
      const only = chunks[0];
      resolve({ bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    // After the end both come too late to say anything.
    request.on("error", cutOff);
    request.on("close", cutOff);
  });
};
