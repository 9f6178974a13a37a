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
    const stop = (body: ReadBody): void => {
      request.removeAllListeners("data");
      resolve(body);
    };
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        stop({ failed: "too-large" });
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => {
      const only = chunks[0];
      stop({ bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    request.on("error", () => stop({ failed: "cut-off" }));
    request.on("close", () => stop({ failed: "cut-off" }));
  });
};
