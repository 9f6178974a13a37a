import type { AskView } from "@ask-openhands/core/api/types.ts";
import { type Author, type Choices, type Mention, noRepository } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Accepted } from "../intake.ts";
import { countsIn } from "../people/links.ts";
import type { NamedRepository } from "../people/policy.ts";
import { readRepositoryName } from "../people/repository-name.ts";
import type { Platform } from "../platforms/platform.ts";
import type { ApiDeps } from "./call.ts";
import { problem } from "./problem.ts";
import { toPlaceView, toRunView } from "./views/run-view.ts";

const unlinkedType = "urn:ask-openhands:problem:account-not-linked";

/** The person's account at the place's server. */
export const accountAt = (deps: ApiDeps, personId: string, place: Place): Author | undefined => {
  const tenant = deps.people.policy.tenantOf(place.connection);
  const found = deps.people.links
    .ofPerson(personId)
    .find(
      ({ link }) => link.platform === place.platform && link.host === place.host && countsIn(link, tenant),
    )?.link;
  if (found === undefined) return undefined;
  const { accountId: id, accountName: name, displayName } = found;
  const known = displayName === undefined ? {} : { displayName };
  return { platform: place.platform, host: place.host, id, name, kind: "person", ...known };
};

export const platformOf = (deps: ApiDeps, place: Place): Platform => {
  const platform = deps.platforms.get(place.platform);
  if (platform === undefined) throw problem(422, "The platform of this place is not set up any more.");
  return platform;
};

interface Asking {
  readonly place: Place;
  readonly author: Author;
  readonly personId: string;
  readonly text: string;
  /** Unique per click. */
  readonly id: string;
  readonly chosen?: Choices | undefined;
}

const toMention = (deps: ApiDeps, { place, author, personId, text, id, chosen }: Asking): Mention => ({
  key: `${place.platform}:${place.host}:button:${personId}.${id}`,
  place,
  author,
  way: "button",
  text,
  at: new Date(deps.now()).toISOString(),
  change: "new",
  reply: {},
  person: personId,
  ...(chosen === undefined ? {} : { chosen }),
});

/** What an ask is about, as far as the place and the form say. */
const askedAbout = (
  { people }: ApiDeps,
  { host, repository }: Place,
  chosen: string | undefined,
): NamedRepository | typeof noRepository | undefined => {
  if (chosen === undefined || chosen === noRepository)
    return repository === undefined ? chosen : { host, name: repository };
  const isHost = (one: string): boolean => people.connections.all().some((known) => known.host === one);
  return { host, ...readRepositoryName(chosen, isHost) };
};

/** The account that may ask at a place, by the workspace's lists and by the platform's own live answer. Throws a problem that says why not. */
export const requireAsker = async (
  deps: ApiDeps,
  personId: string,
  place: Place,
  repository: string | undefined,
): Promise<Author> => {
  const author = accountAt(deps, personId, place);
  if (author === undefined) {
    throw problem(
      403,
      `Link your account on ${place.host} first, so that it is clear what you may do there.`,
      { type: unlinkedType, host: place.host },
    );
  }
  const { person: _person, ...mention } = toMention(deps, {
    place,
    author,
    personId,
    text: "",
    id: "judged",
  });
  const judged = deps.people.policy.judge(mention, askedAbout(deps, place, repository));
  if (judged.allowed !== true) throw problem(403, judged.why);
  // Rights in a repository that is not the place's own are asked when the ask is judged.
  const permission = await platformOf(deps, place).mayAsk(author, place);
  if (permission.may === false)
    throw problem(403, permission.why, permission.cure === undefined ? {} : { cure: permission.cure });
  return author;
};

const toAsk = async (deps: ApiDeps, mention: Mention, accepted: Accepted): Promise<AskView> => {
  const known = await deps.store.mention(mention.key);
  const run = known?.run === undefined ? undefined : await deps.store.run(known.run);
  const why = accepted.accepted === "ignored" ? accepted.why : known?.why;
  return {
    key: mention.key,
    accepted: accepted.accepted,
    place: toPlaceView(deps, mention.place),
    ...(why === undefined ? {} : { why }),
    ...(known?.outcome === undefined ? {} : { outcome: known.outcome }),
    ...(run === undefined ? {} : { run: toRunView(deps, run, mention.person ?? "") }),
  };
};

/** Hands the ask to the engine the same way as every other. Durable when it resolves. */
export const askAt = async (deps: ApiDeps, asking: Asking): Promise<AskView> => {
  const mention = toMention(deps, asking);
  const accepted = await deps.intake.accept({ heard: "mention", mention });
  return toAsk(deps, mention, accepted);
};

/** What became of an ask of this person. */
export const findAsk = async (deps: ApiDeps, personId: string, key: string): Promise<AskView> => {
  const known = key.includes(`:button:${personId}.`) ? await deps.store.mention(key) : undefined;
  if (known === undefined) throw problem(404, "There is no such ask, or it is not yours.");
  return toAsk(deps, known.mention, { accepted: "known" });
};
