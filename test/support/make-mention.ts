import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";

/** Small, valid words of the domain for tests; every part can be replaced. */
export const makeAuthor = (part: Partial<Author> = {}): Author => ({
  platform: "forge",
  host: "forge.test",
  id: "7",
  name: "ada",
  kind: "person",
  ...part,
});

export const makePlace = (number: number | string = 1, part: Partial<Place> = {}): Place => ({
  platform: "forge",
  host: "forge.test",
  key: `forge:forge.test:acme/site:${number}`,
  kind: "issue",
  url: `https://forge.test/acme/site/issues/${number}`,
  label: `#${number}`,
  repository: "acme/site",
  address: { number: String(number) },
  ...part,
});

export const makeMention = (id: number | string = 1, part: Partial<Mention> = {}): Mention => ({
  key: `forge:forge.test:comment:${id}`,
  place: makePlace(),
  author: makeAuthor(),
  way: "comment",
  text: `@openhands do thing ${id}`,
  at: "2026-03-01T12:00:00.000Z",
  change: "new",
  reply: { comment: String(id) },
  ...part,
});

export const makeRun = (id = "11111111-1111-4111-8111-111111111111", part: Partial<Run> = {}): Run => ({
  id,
  place: makePlace(),
  asks: [
    {
      key: "forge:forge.test:comment:1",
      author: makeAuthor(),
      request: "do thing 1",
      at: "2026-03-01T12:00:00.000Z",
      reply: {},
    },
  ],
  state: "queued",
  queuedAt: 1_000,
  tasks: [],
  steps: [],
  stepCount: 0,
  version: 1,
  ...part,
});
