import { createVerify } from "node:crypto";
import type { FakeReply, FakeRequest } from "../routes.ts";
import type { State, User } from "./state.ts";

/** Who calls: the App itself, one of its installations, or somebody's token. */
export type Caller =
  | { readonly kind: "app" }
  | {
      readonly kind: "installation";
      readonly id: number;
      readonly user: User;
      readonly repositories?: readonly number[];
      readonly permissions: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "token";
      readonly user: User;
      readonly scopes?: string | undefined;
      readonly grants?: readonly string[] | undefined;
      readonly expires?: string | undefined;
    };

export const refuse = (status: number, message: string): FakeReply => ({
  status,
  json: { message, documentation_url: "https://docs.github.com/rest", status: String(status) },
});
export const notFound = refuse(404, "Not Found");

const readPart = (part: string | undefined): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8")) as Record<string, unknown>;

/** Tokens that the server gave out or was seeded with. */
export function createAccess(state: State, publicKey: string) {
  const tokens = new Map<string, Caller>();

  const isOurJwt = (token: string): boolean => {
    const [head, body, signature] = token.split(".");
    const verifier = createVerify("RSA-SHA256").update(`${head}.${body}`);
    if (!verifier.verify(publicKey, Buffer.from(signature ?? "", "base64url"))) return false;
    const { iss, exp, iat } = readPart(body);
    const now = Date.now() / 1000;
    return String(iss) === String(state.app.id) && Number(exp) > now && Number(exp) - Number(iat) <= 660;
  };

  return {
    tokens,
    callerOf(request: FakeRequest): Caller | undefined {
      const token = /^(?:bearer|token) (.+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? "";
      if (token.split(".").length === 3 && isOurJwt(token)) return { kind: "app" };
      return tokens.get(token);
    },
  };
}

export type Access = ReturnType<typeof createAccess>;
