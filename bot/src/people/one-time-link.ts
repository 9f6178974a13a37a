import { createHmac } from "node:crypto";
import * as z from "zod";
import type { Account } from "./links.ts";
import { isSame, newToken } from "./tokens.ts";

const payloadSchema = z.object({
  platform: z.string(),
  host: z.string(),
  id: z.string(),
  name: z.string(),
  /** Epoch milliseconds. */
  until: z.number(),
  /** Said to this person alone, so that having the link proves the account. */
  alone: z.boolean(),
  /** Workspace whose connection heard the account. */
  within: z.string().optional(),
  nonce: z.string(),
});

export type AccountClaim = z.infer<typeof payloadSchema>;

const day = 86_400_000;

/** A link that claims an account: signed, so that nothing is stored until it is used. Using it once is noted by its `nonce`. */
export interface LinkTokens {
  make(account: Account, alone: boolean, within?: string): string;
  /** `undefined` when it was not made here, was changed, or is too old. */
  read(token: string): AccountClaim | undefined;
}

export const createLinkTokens = (key: Uint8Array, now: () => number): LinkTokens => {
  const sign = (body: string): string =>
    createHmac("sha256", key).update("account link\0").update(body).digest("base64url");
  return {
    make: ({ platform, host, id, name }, alone, within) => {
      const claim: AccountClaim = {
        platform,
        host,
        id,
        name,
        alone,
        ...(within === undefined ? {} : { within }),
        until: now() + day,
        nonce: newToken(12),
      };
      const body = Buffer.from(JSON.stringify(claim)).toString("base64url");
      return `${body}.${sign(body)}`;
    },
    read: (token) => {
      const [body, signature, ...rest] = token.split(".");
      if (body === undefined || signature === undefined || rest.length > 0 || !isSame(sign(body), signature))
        return undefined;
      const claim = payloadSchema.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
      return claim.success && claim.data.until > now() ? claim.data : undefined;
    },
  };
};
