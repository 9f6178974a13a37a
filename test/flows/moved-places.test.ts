import { afterEach, describe, expect, it } from "vitest";
import type { PlatformSubject, Spot } from "../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../contracts/subjects/bitbucket-cloud.ts";
import { subject as bitbucketDc } from "../contracts/subjects/bitbucket-dc.ts";
import { subject as github, startGitHubWorld } from "../contracts/subjects/github.ts";
import { subject as gitlab } from "../contracts/subjects/gitlab.ts";
import { subject as jiraCloud } from "../contracts/subjects/jira-cloud.ts";
import { subject as jiraDc } from "../contracts/subjects/jira-dc.ts";
import { besideCode } from "./beside-code.ts";
import { type Flow, type FlowOptions, startFlow } from "./flow.ts";

const finish = (message: string) => ({ do: "finish", message }) as const;

/** Milliseconds; longer than a name is taken to be right without asking. */
const aWhile = 2 * 60_000;

/** How places move; `to` is the new full name, for tickets the other project. */
const moves: readonly (readonly [how: string, to: string, subject: PlatformSubject])[] = [
  ["a repository renamed on GitHub", "acme/store", github],
  ["a repository transferred to another owner on GitHub", "globex/shop", github],
  ["a project renamed on GitLab", "acme/tools/store", gitlab],
  ["a project moved to another group on GitLab", "globex/shop", gitlab],
  ["a repository renamed on Bitbucket Cloud", "acme/store", bitbucketCloud],
  ["a repository moved to another workspace of Bitbucket Cloud", "globex/shop", bitbucketCloud],
  ["a repository renamed on Bitbucket Data Center", "ACME/store", bitbucketDc],
  ["a repository moved to another project of Bitbucket Data Center", "GLOBEX/shop", bitbucketDc],
  ["a ticket moved to another project of Jira Cloud", "OPS", jiraCloud],
  ["a ticket moved to another project of Jira Data Center", "OPS", jiraDc],
];
const isFar = ([how]: (typeof moves)[number]): boolean => !how.includes("renamed");
const forges = moves.filter(([, to]) => to.endsWith("/store"));

describe("places that move", () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  /** A run at work at a new place; `go` lets it finish. */
  const begin = async (
    subject: PlatformSubject,
    more: Partial<FlowOptions> = {},
  ): Promise<{ readonly flow: Flow; readonly spot: Spot; readonly go: () => void }> => {
    const world = await subject.start();
    const beside = world.repository === undefined ? await besideCode(world) : undefined;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((open) => {
      go = open;
    });
    const flow = await startFlow({
      subject: { ...subject, start: async () => world },
      script: (message) => {
        const part = /part \d+/.exec(message)?.[0];
        if (part !== undefined) return [finish(`Heard: ${part}.`)];
        return [{ do: "think", text: "Looking." }, { do: "until", moment: gate }, finish("First half done.")];
      },
      ...beside?.options,
      ...more,
    });
    ends.push(go, flow.end, () => beside?.close());
    const spot = await world.open(world.people.writer, subject.kinds.at(-1) ?? "issue", {
      title: "Fix the login",
      text: "It is broken.",
    });
    await flow.ask(spot, "@openhands do the long job");
    await flow.waitFor(spot, "report-", "working on it");
    return { flow, spot, go };
  };

  const lastRun = async (flow: Flow) => (await flow.runs())[0];
  const isGivenUp = async (flow: Flow, ...parts: readonly ("report" | "closing")[]): Promise<boolean> => {
    const run = await lastRun(flow);
    return parts.every((part) => run?.[part]?.givenUp !== undefined);
  };
  /** Deliveries of our own posts are under way for a moment, with the names of before. */
  const calm = async ({ log }: Flow): Promise<void> => {
    for (let lines = -1; lines !== log.length; ) {
      lines = log.length;
      await new Promise((next) => setTimeout(next, 500));
    }
  };
  const isClosed = async (flow: Flow): Promise<boolean> => (await lastRun(flow))?.closing?.ref !== undefined;

  it.each(moves)(
    "%s in mid-work: one report, still edited, one closing comment, and the talk goes on",
    async (_how, to, subject) => {
      const { flow, spot, go } = await begin(subject);
      await flow.world.move?.(to, spot);
      go();
      await flow.until("the end was told", () => isClosed(flow));
      await flow.waitFor(spot, "report-", "Done");
      expect(flow.ours(spot)).toHaveLength(2);
      await flow.ask(spot, "@openhands now part 2");
      await flow.waitFor(spot, "closing-", "Heard: part 2.");
      expect(flow.ours(spot)).toHaveLength(4);
      expect(flow.agent.protocol.conversations.size).toBe(1);
      const [later, first] = await flow.runs();
      expect([later?.state, later?.continues, first?.state]).toEqual(["done", true, "done"]);
      for (const url of [later?.place.url, later?.report?.ref?.url]) expect(url).toContain(`/${nameIn(to)}`);
      expect(flow.world.requests.violations).toEqual([]);
    },
    40_000,
  );

  it.each(moves.filter(isFar))(
    "%s while the agent works: what is said then is heard by the same conversation",
    async (_how, to, subject) => {
      const { flow, spot, go } = await begin(subject);
      await flow.world.move?.(to, spot);
      await flow.ask(spot, "@openhands and part 2");
      await flow.until("the agent was told", () => flow.told().some((text) => text.includes("part 2")));
      await flow.waitFor(spot, "report-", "1 follow-up");
      go();
      await flow.waitFor(spot, "closing-", "Heard: part 2.");
      expect(flow.ours(spot)).toHaveLength(2);
      expect(await flow.runs()).toHaveLength(1);
    },
    40_000,
  );

  it.each(forges)(
    "%s, and another that takes the old name: nothing of ours is said there",
    async (_how, to, subject) => {
      let passed = 0;
      const { flow, spot, go } = await begin(subject, { wall: () => Date.now() + passed });
      const oldName = flow.world.repository ?? "";
      await calm(flow);
      await flow.world.move?.(to, spot);
      const saidElsewhere = await flow.world.takeOldName?.(oldName);
      passed = aWhile;
      go();
      // Data Center finds no repository by its number: there we fall silent.
      if (subject === bitbucketDc)
        await flow.until("both were given up", () => isGivenUp(flow, "report", "closing"));
      else {
        await flow.waitFor(spot, "closing-", "First half done.");
        await flow.waitFor(spot, "report-", "Done");
      }
      expect(saidElsewhere?.()).toEqual([]);
    },
    40_000,
  );

  it.each(moves.filter(isFar))(
    "%s, out of our sight: the run ends, nothing is tried for ever",
    async (_how, _to, subject) => {
      const { flow, spot, go } = await begin(subject);
      flow.world.fail({
        path: placesOf[subject.id] ?? /./,
        status: 404,
        json: {},
        times: Number.POSITIVE_INFINITY,
      });
      go();
      await flow.until("both were given up", () => isGivenUp(flow, "report", "closing"), 25);
      expect((await lastRun(flow))?.state).toBe("done");
      flow.world.recover();
      await flow.ask(spot, "@openhands now part 2");
      await flow.waitFor(spot, "closing-", "Heard: part 2.");
    },
    40_000,
  );

  it.each([github, gitlab, bitbucketCloud, jiraDc])(
    "a token revoked in mid-work on $id: the run ends, nothing is tried for ever",
    async (subject) => {
      const { flow, go } = await begin(subject, { times: { posting: 2_000 } });
      flow.world.fail({ path: /./, status: 401, json: {}, times: Number.POSITIVE_INFINITY });
      go();
      await flow.until("the closing comment was given up", () => isGivenUp(flow, "closing"), 30);
      const ended = await lastRun(flow);
      expect(ended).toMatchObject({ state: "done", outcome: { summary: "First half done." } });
      expect(ended?.closing?.givenUp).toMatch(/credentials/);
    },
    60_000,
  );

  it("an installation suspended in mid-work: told to nobody, tried no more, and good again when it is taken back", async () => {
    const world = await startGitHubWorld();
    const { installation } = world.github.state;
    const { flow, spot, go } = await begin({ ...github, start: async () => world });
    installation.suspended = true;
    go();
    await flow.until("the closing comment was given up", () => isGivenUp(flow, "closing"));
    expect((await lastRun(flow))?.closing?.givenUp).toContain("is suspended");
    installation.suspended = false;
    await flow.ask(spot, "@openhands now part 2");
    await flow.waitFor(spot, "closing-", "Heard: part 2.");
    expect(flow.agent.protocol.conversations.size).toBe(1);
  }, 40_000);
});

/** What stands in the address of a place: the whole name, of Data Center's projects the key, of tickets their new key. */
const nameIn = (to: string): string => (/^[A-Z]+\//.test(to) ? `projects/${to.split("/")[0]}/` : to);

/** Everything that is asked about one place. */
const placesOf: Readonly<Record<string, RegExp>> = {
  github: /\/(?:repos|repositories)\//,
  gitlab: /\/projects\//,
  "bitbucket-cloud": /\/repositories\//,
  "bitbucket-dc": /\/projects\//,
  "jira-cloud": /\/issue\//,
  "jira-dc": /\/issue\//,
};
