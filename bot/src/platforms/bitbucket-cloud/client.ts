import { wrongShape } from "@ask-openhands/core/http/failures.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import { cloudPage } from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import createClient, { type Client } from "openapi-fetch";
import * as z from "zod";
import type { CloudPaths } from "./paths.ts";

const methods = z.enum(["GET", "POST", "PUT", "DELETE"]);

export interface CloudClient {
  readonly http: Http;
  readonly call: Client<CloudPaths>;
  /** A checked answer. */
  one<T>(schema: z.ZodType<T>, answer: Promise<{ readonly data?: unknown }>): Promise<T>;
  /** The values of a list, over as many pages as `most` needs. `first` is the first page. */
  all<T>(
    item: z.ZodType<T>,
    first: Promise<{ readonly data?: unknown }>,
    most: number,
  ): Promise<readonly T[]>;
}

/**
 * openapi-fetch makes the requests from the types of the operations; they go out through our own client, so that address guard, retry,
 * `Retry-After`, size limits and `Failure`s are the same as everywhere. It throws, so an answer's `error` is never set.
 */
export const createCloudClient = (http: Http, baseUrl: string): CloudClient => {
  const send = async (request: Request): Promise<Response> => {
    const body = await request.text();
    const { value } = await http.reply(z.unknown(), {
      method: methods.parse(request.method),
      path: request.url,
      ...(body === "" ? {} : { body, headers: { "content-type": "application/json" } }),
    });
    return Response.json(value ?? null);
  };
  const call = createClient<CloudPaths>({
    baseUrl,
    fetch: send,
    querySerializer: { array: { style: "form", explode: true } },
  });

  const target = { name: "Bitbucket", host: new URL(baseUrl).host };
  const one: CloudClient["one"] = async (schema, answer) => {
    const parsed = schema.safeParse((await answer).data);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw wrongShape(target, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`, 200);
  };

  return {
    http,
    call,
    one,
    async all(item, first, most) {
      const schema = cloudPage(item);
      const values: z.infer<typeof item>[] = [];
      let page = await one(schema, first);
      for (;;) {
        values.push(...page.values);
        if (!page.next || page.values.length === 0 || values.length >= most) return values.slice(0, most);
        page = await http.json(schema, { path: page.next });
      }
    },
  };
};
