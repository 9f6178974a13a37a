/** What a refusal says beyond this is left out; sentences quote 200 characters of it. */
const mostBytes = 256 * 1_024;

/** As much of the body as arrived; that it breaks off does not change that the server refused. */
const readSome = async (body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  try {
    while (size < mostBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
  }
  // A stream that broke cannot be cancelled any more, and need not be.
  await reader.cancel().catch(() => undefined);
  return new TextDecoder().decode(Buffer.concat(chunks));
};

const changed = (headers: Headers, redact: (text: string) => string): Headers =>
  new Headers(
    [...headers]
      .filter(([name]) => name !== "content-length" && name !== "content-encoding")
      // Brackets stand in no address; what a header quotes must still be readable as one.
      .map(([name, value]): [string, string] => [name, redact(value).replaceAll("[redacted]", "redacted")]),
  );

/**
 * Other servers like to repeat in an error or a redirect what they were sent, and every client quotes that in its own way, often clipped, so that
 * nobody could find the secret in it any more. So known secrets are taken out of refusals and redirects before any client reads them.
 */
export const concealAnswer = async (
  response: Response,
  redact: (text: string) => string,
  signal: AbortSignal,
): Promise<Response> => {
  const { status } = response;
  if (status < 300 || response.type === "opaqueredirect") return response;
  const headers = changed(response.headers, redact);
  const statusText = redact(response.statusText);
  if (status < 400 || response.body === null) {
    await response.body?.cancel();
    return new Response(null, { status, statusText, headers });
  }
  return new Response(redact(await readSome(response.body, signal)), { status, statusText, headers });
};
