import { Failure } from "@ask-openhands/core/failure.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import { JiraMyPermissions } from "@ask-openhands/core/wire/jira.ts";

/** `mypermissions` of Cloud and Data Center: which of our own rights are granted. */
export const readMyPermissions = (answer: unknown): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(JiraMyPermissions.parse(answer).permissions).map(([name, right]) => [
      name,
      right.havePermission === true,
    ]),
  );

/** Bytes of an attachment. Throws `bad-input` when it is larger than `limit` bytes. */
export const readAttachment = async (
  http: Pick<Http, "bytes">,
  path: string,
  limit: number,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> => {
  try {
    return await http.bytes({ path, maxBytes: limit });
  } catch (error) {
    if (error instanceof Failure && error.kind === "unexpected-reply") {
      throw new Failure(
        "bad-input",
        `The attachment is larger than ${Math.floor(limit / 1024)} kB or cannot be read.`,
        { cause: error },
      );
    }
    throw error;
  }
};
