import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";

export type Scope = ConnectionStatus["scopes"][number] & { readonly optional?: boolean | undefined };

export interface Inspection {
  readonly account?: ConnectionStatus["account"];
  readonly scopes: readonly Scope[];
  readonly notes: readonly string[];
}

interface Question {
  readonly tokenKind: string;
  readonly rights: readonly { readonly name: string; readonly for: string }[];
  /** What to do when something is missing. */
  readonly cure: string;
  readonly now: number;
  ask(): Promise<Inspection>;
}

/** Who a connection's credentials are and what they may, asked live; what the server says is wrong becomes the status. */
export const inspectBitbucket = async (question: Question): Promise<ConnectionStatus> => {
  const { tokenKind, rights, cure } = question;
  const checkedAt = new Date(question.now).toISOString();
  try {
    const { account, scopes, notes } = await question.ask();
    const missing = scopes.filter(({ state, optional }) => state === "missing" && optional !== true);
    return {
      ok: missing.length === 0,
      ...(account ? { account } : {}),
      tokenKind,
      scopes: scopes.map(({ name, state, for: use }) => ({ name, state, for: use })),
      ...(missing.length === 0
        ? {}
        : {
            problem: `Missing: ${missing.map((one) => `${one.name} (${one.for})`).join(", ")}.`,
            cure,
          }),
      checkedAt,
      notes,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      ok: false,
      tokenKind,
      scopes: rights.map((right) => ({ name: right.name, state: "unknown", for: right.for })),
      problem: error.hint,
      ...(error.passing ? {} : { cure }),
      checkedAt,
    };
  }
};
