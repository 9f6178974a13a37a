import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { ApiDeps } from "../api/call.ts";
import { checkConnection } from "../api/check-connection.ts";

type Deps = Pick<ApiDeps, "people" | "agents" | "platforms" | "catalog" | "fetch" | "now" | "log" | "redact">;

const atOnce = 4;

const nameOf = (deps: Deps, { platform, name, host }: Connection): string => {
  const of = deps.platforms.get(platform)?.name ?? agentPlatform.name;
  return `${of}, ${name.includes(host) ? name : `${name} (${host})`}`;
};

/** One sentence of what does not work, in words that end with a full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The log searches fields for secrets; here the sentence itself may quote what a server said. */
const warn = ({ log, redact }: Deps, fields: Readonly<Record<string, unknown>>, words: string): void =>
  log.warn(fields, redact(words));

const tell = async (deps: Deps, connection: Connection): Promise<boolean> => {
  const status = await checkConnection(deps, connection);
  const missing = status.scopes.filter(({ state }) => state === "missing").map(({ name }) => name);
  const cure =
    status.cure ?? "Mend it on the settings page or in the environment; `doctor` looks at everything again.";
  if (!status.ok) {
    const problem = sentence(status.problem ?? "The server does not accept it");
    warn(
      deps,
      { connection: connection.id },
      `will not work: ${nameOf(deps, connection)}. ${problem} ${cure}`,
    );
  } else if (missing.length > 0) {
    warn(
      deps,
      { connection: connection.id, missing },
      `will not work fully: ${nameOf(deps, connection)}. Rights are missing: ${missing.join(", ")}. Add them where the credentials were made.`,
    );
  }
  return status.ok;
};

/**
 * Asks every active connection and back end once, and says a line about each that will not work, with what to do. A bot that starts beside a dead back
 * end serves all the same: asks wait, and their reports say why.
 */
export const tellTroubles = async (deps: Deps): Promise<void> => {
  const waiting = deps.people.connections
    .all()
    .filter(({ active, owner }) => active && owner.kind === "workspace");
  const all = waiting.length;
  let working = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      working += Number(await tell(deps, next));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  deps.log.info({ connections: all, working }, "connections checked");
};
