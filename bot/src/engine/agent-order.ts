import type { Order } from "@ask-openhands/core/agent/agent.ts";
import { buildPrompt } from "@ask-openhands/core/prompt/build-prompt.ts";
import { newNonce } from "@ask-openhands/core/prompt/fence.ts";
import { clipLine } from "@ask-openhands/core/render/clip.ts";
import type { RunOrder } from "@ask-openhands/core/work/lane.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { isSameRepository } from "@ask-openhands/core/work/same-repository.ts";
import type { Thread } from "@ask-openhands/core/work/thread.ts";
import type { AgentToken, OnBehalf } from "../platforms/platform.ts";
import { filesOf } from "./files.ts";
import { askPlatform, type Turn } from "./turn.ts";

/** Characters of the first message; models of today read many times that, and the thread is cut to it, newest kept. */
export const promptBudget = 60_000;

export interface AgentSecrets {
  readonly secrets: Readonly<Record<string, string>>;
  readonly cloneWith?: { readonly secret: string; readonly user: string } | undefined;
  /** True when anything of it is the asker's own, not the workspace's. */
  readonly own: boolean;
  /** When the first of the tokens is about to end, epoch milliseconds; absent: none of them does. */
  readonly renewAfter?: number | undefined;
  /** What tools need to find the server. No secrets: OpenHands blanks the values of secrets out of everything the agent prints, addresses of pull requests included. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Whose token the agent gets: the asker's where they have one and the workspace wants it so, else the workspace's. */
const behalfOf = (turn: Turn, place: Place, order: RunOrder): OnBehalf => {
  const isAskers = turn.deps.policy.settings(place.connection).agentToken === "asker";
  return { workspaceId: order.workspaceId, ...(isAskers ? { personId: order.personId } : {}) };
};

const tokenAt = async (
  turn: Turn,
  platformId: string,
  host: string,
  order: RunOrder,
  place: Place,
): Promise<AgentToken | undefined> => {
  const platform = turn.deps.platforms.get(platformId);
  const { repository } = order;
  if (platform?.agentToken === undefined || repository === undefined) return undefined;
  return turn.deps.outside.call({ host, name: platform.name, within: turn.deps.times.request }, async () =>
    platform.agentToken?.(repository, behalfOf(turn, place, order), place),
  );
};

/** Without a repository nobody was asked whether the asker may write to one, so a secret under such a name stays here too. */
const codeTokenNames = (turn: Turn): ReadonlySet<string> =>
  new Set([...turn.deps.platforms.values()].flatMap(({ agentTokenName }) => agentTokenName ?? []));

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);

/** Environment of the agent: the repository's token, the place's own where it is another server, custom secrets; an override by name wins over what we would hand out. */
export const agentSecrets = async (turn: Turn, place: Place, order: RunOrder): Promise<AgentSecrets> => {
  const { connections } = turn.deps;
  const { repository, personId, workspaceId } = order;
  // Without a repository there is nothing to push to: the agent gets no token of a code host.
  const token =
    repository === undefined
      ? undefined
      : await tokenAt(turn, repository.platform, repository.host, order, place);
  const beside =
    place.platform === repository?.platform
      ? undefined
      : await tokenAt(turn, place.platform, place.host, order, place);
  const tokens = [beside, token].filter((one) => one !== undefined);
  const handed = Object.fromEntries(tokens.map((one) => [one.name, one.value]));
  const variables: Readonly<Record<string, string>> = Object.assign(
    {},
    ...tokens.map((one) => one.also ?? {}),
  );
  const withheld = repository === undefined ? codeTokenNames(turn) : new Set<string>();
  // By name: somebody's override, then the token, then a custom secret. `person`: with what is theirs.
  const valuesFor = (person: string | undefined): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries({ ...connections.agentSecrets?.(person, workspaceId), ...handed })
        .filter(([name]) => !withheld.has(name))
        .map(([name, value]) => [name, connections.override(name, person, workspaceId) ?? value]),
    );
  const secrets = valuesFor(personId);
  const ends = tokens.flatMap(({ renewAfter }) => renewAfter ?? []);
  for (const { value } of tokens) turn.deps.hide(value);
  return {
    secrets,
    own: tokens.some((one) => one.own === true) || !isSame(secrets, valuesFor(undefined)),
    variables,
    ...(ends.length === 0 ? {} : { renewAfter: Math.min(...ends) }),
    ...(token === undefined ? {} : { cloneWith: { secret: token.name, user: token.gitUser } }),
  };
};

export interface MadeOrder {
  readonly order: Order;
  /** Hidden text that was taken out, for the report. */
  readonly removed: readonly string[];
  /** Whose the conversation becomes: see `RunOrder.holder`. */
  readonly holder: string | undefined;
  /** See `AgentSecrets`. */
  readonly renewAfter: number | undefined;
}

const isOwnBackEnd = (turn: Turn, { agent }: RunOrder): boolean =>
  turn.deps.connections.get(agent)?.owner.kind === "person";

const titleOf = (run: Run, thread: Thread): string =>
  clipLine(
    `${run.place.label} ${thread.title === "" ? (run.asks[0]?.request ?? "") : thread.title}`.trim(),
    120,
  );

const withVariables = (background: string, variables: Readonly<Record<string, string>>): string => {
  const named = Object.entries(variables).map(([name, value]) => `\`${name}=${value}\``);
  return named.length === 0
    ? background
    : `${background}\n- Set ${named.join(" and ")} in the environment before you use command line tools of the server.`;
};

/** The description as it was heard with the ask; nothing when somebody else has changed the ask since. */
const heardWith = (run: Run, mention: Mention): string | undefined => {
  if (mention.author.id !== run.asks[0]?.author.id) return undefined;
  return mention.description ?? (mention.way === "description" ? mention.text : undefined);
};

/** Everything the agent is started with. Throws `Failure`. */
export const makeOrder = async (
  turn: Turn,
  run: Run,
  wanted: RunOrder,
  mention: Mention,
): Promise<MadeOrder> => {
  const { deps } = turn;
  const thread = await askPlatform(
    deps,
    run.place,
    (platform) => platform.thread(mention),
    deps.times.request * 4,
  );
  const elsewhere =
    thread.repository !== undefined &&
    wanted.repository !== undefined &&
    !isSameRepository(thread.repository, wanted.repository);
  const pullRequest = elsewhere ? undefined : thread.pullRequest;
  const { variables, own, renewAfter, ...secrets } = await agentSecrets(turn, run.place, wanted);
  const settings = deps.policy.settings(run.place.connection);
  const { images, files } = await filesOf(turn, mention, thread.attachments);
  const { prompt, background, removed } = buildPrompt({
    run,
    // The title as it was heard: whoever wrote the issue may change it at any moment, also after the ask.
    thread: {
      ...thread,
      title: run.place.title ?? thread.title,
      repository: wanted.repository,
      pullRequest,
    },
    heard: heardWith(run, mention),
    files,
    delivery: {
      allowCiChanges: settings.allowCiChanges,
      elsewhere,
      changeRequest: deps.platforms.get(wanted.repository?.platform ?? "")?.changeRequest,
      tokenName: secrets.cloneWith?.secret,
    },
    nonce: newNonce(),
    budget: promptBudget,
  });
  const branch = wanted.branch ?? (pullRequest?.fork === false ? pullRequest.sourceBranch : undefined);
  return {
    removed,
    renewAfter,
    holder: own || isOwnBackEnd(turn, wanted) ? wanted.personId : undefined,
    order: {
      runId: run.id,
      title: titleOf(run, thread),
      prompt,
      background: withVariables(background, variables),
      ...(wanted.repository === undefined
        ? {}
        : { repository: { ...wanted.repository, ...(branch === undefined ? {} : { branch }) } }),
      ...secrets,
      model: wanted.model,
      ...(images.length === 0 ? {} : { images }),
    },
  };
};
