import { Failure } from "../failure.ts";
import type { Target } from "./failures.ts";

const join = (chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
};

/** Reads at most `limit` bytes; a larger body is not read to its end, whatever its headers say. */
export const readBody = async (
  response: Response,
  limit: number,
  target: Target,
): Promise<Uint8Array<ArrayBuffer>> => {
  const tooLarge = (): Failure =>
    new Failure(
      "unexpected-reply",
      `${target.name} (${target.host}) sent more than the ${limit} bytes that we accept here.`,
      { status: response.status },
    );
  if (Number(response.headers.get("content-length") ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(chunks, size);
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
};
