import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { type Caller, notFound, refuse } from "./access.ts";
import { listed, sorted } from "./lists.ts";
import type { Server } from "./server.ts";
import type { Comment, Issue } from "./state.ts";

const contents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

/** Issues, comments, reactions, pull requests and their reviews. */
export function issueRoutes({ state, shapes, changes, caller, repositoryOf }: Server): readonly FakeRoute[] {
  const base = (): string => state.base;
  const actor = (who: Caller) => (who.kind === "app" ? state.app.user : who.user);
  const appId = (who: Caller): number | undefined => (who.kind === "installation" ? state.app.id : undefined);

  interface Found {
    readonly who: Caller;
    readonly issue: Issue;
  }
  const withIssue =
    (answer: (request: FakeRequest, found: Found) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const who = caller(request);
      const repository = repositoryOf(request, who);
      const issue = state.issues.find(
        (one) => one.repository === repository && one.number === Number(request.params["number"]),
      );
      return who && issue ? answer(request, { who, issue }) : notFound;
    };
  const withPull = (answer: (request: FakeRequest, found: Found) => FakeReply) =>
    withIssue((request, found) => (found.issue.pull ? answer(request, found) : notFound));
  const withComment =
    (
      inline: boolean,
      answer: (request: FakeRequest, found: { readonly who: Caller; readonly comment: Comment }) => FakeReply,
    ) =>
    (request: FakeRequest): FakeReply => {
      const who = caller(request);
      const repository = repositoryOf(request, who);
      const comment = state.comments.find(
        (one) =>
          one.id === Number(request.params["id"]) &&
          (one.inline !== undefined) === inline &&
          one.issue.repository === repository,
      );
      return who && comment ? answer(request, { who, comment }) : notFound;
    };

  const react =
    (on: string) =>
    (request: FakeRequest, { who }: { readonly who: Caller }): FakeReply => {
      const content = String(request.body["content"]);
      if (!contents.includes(content)) return refuse(422, "Validation Failed");
      const target = `${on}:${request.params["id"] ?? request.params["number"]}`;
      const known = state.reactions.find(
        (one) => one.on === target && one.content === content && one.user === actor(who),
      );
      const reaction = known ?? { id: state.nextId(), on: target, content, user: actor(who) };
      if (!known) state.reactions.push(reaction);
      return {
        status: known ? 200 : 201,
        json: {
          id: reaction.id,
          node_id: "R_1",
          content,
          user: shapes.user(actor(who)),
          created_at: state.tick(),
        },
      };
    };

  const edit =
    (shape: (comment: Comment) => unknown) =>
    (
      request: FakeRequest,
      { who, comment }: { readonly who: Caller; readonly comment: Comment },
    ): FakeReply => {
      if (comment.user !== actor(who)) return refuse(403, "Resource not accessible by integration");
      const body = String(request.body["body"] ?? "");
      if (body.length > 65_536)
        return refuse(422, "Validation Failed: body is too long (maximum is 65536 characters)");
      changes.editComment(actor(who), comment, body);
      return { json: shape(comment) };
    };

  const speak = (
    say: (body: string) => Comment,
    shape: (comment: Comment) => unknown,
    request: FakeRequest,
  ): FakeReply => {
    const body = String(request.body["body"] ?? "");
    if (body === "" || body.length > 65_536) return refuse(422, "Validation Failed");
    return { status: 201, json: shape(say(body)) };
  };

  const conversation = (issue: Issue): readonly Comment[] =>
    state.comments.filter((one) => one.issue === issue && !one.inline);
  const inline = (issue: Issue): readonly Comment[] =>
    state.comments.filter((one) => one.issue === issue && one.inline);
  const inRepository = (request: FakeRequest) => {
    const repository = repositoryOf(request, caller(request));
    return (
      repository && {
        issues: state.issues.filter((one) => one.repository === repository),
        comments: state.comments.filter((one) => one.issue.repository === repository),
      }
    );
  };

  /** `body_html` on request, with addresses of pictures that need no sign-in. */
  const shown = (request: FakeRequest, json: { readonly body: string | null }): FakeReply => {
    if (!/\.full(?:\+json)?\b/.test(request.headers["accept"] ?? "")) return { json };
    const html = (json.body ?? "").replace(
      /!\[[^\]]*\]\((\S+\/assets\/)([0-9a-f-]{36})\)/g,
      `<a href="$1$2"><img src="${state.base}/private/7-$2.png?jwt=a&amp;b=c"></a>`,
    );
    return { json: { ...json, body_html: html } };
  };

  const at = "/api/v3/repos/:owner/:repo";
  return [
    [
      "GET",
      `${at}/issues/comments`,
      (request) => {
        const all = inRepository(request);
        return all
          ? listed(
              request,
              base(),
              sorted(
                request,
                all.comments.filter((one) => !one.inline),
              ).map(shapes.comment),
            )
          : notFound;
      },
    ],
    [
      "GET",
      `${at}/issues/events`,
      (request) => {
        const all = inRepository(request);
        return all
          ? listed(
              request,
              base(),
              state.events
                .filter((one) => all.issues.includes(one.issue))
                .toReversed()
                .map(shapes.timelineEvent),
            )
          : notFound;
      },
    ],
    [
      "GET",
      `${at}/issues`,
      (request) => {
        const all = inRepository(request);
        return all ? listed(request, base(), sorted(request, all.issues).map(shapes.issue)) : notFound;
      },
    ],
    ["GET", `${at}/issues/:number`, withIssue((request, { issue }) => shown(request, shapes.issue(issue)))],
    [
      "GET",
      `${at}/issues/:number/comments`,
      withIssue((request, { issue }) => listed(request, base(), conversation(issue).map(shapes.comment))),
    ],
    [
      "POST",
      `${at}/issues/:number/comments`,
      withIssue((request, { who, issue }) =>
        speak((body) => changes.comment(actor(who), issue, body, appId(who)), shapes.comment, request),
      ),
    ],
    [
      "GET",
      `${at}/issues/comments/:id`,
      withComment(false, (request, { comment }) => shown(request, shapes.comment(comment))),
    ],
    [
      "GET",
      `${at}/pulls/comments/:id`,
      withComment(true, (request, { comment }) => shown(request, shapes.reviewComment(comment))),
    ],
    ["PATCH", `${at}/issues/comments/:id`, withComment(false, edit(shapes.comment))],
    ["POST", `${at}/issues/comments/:id/reactions`, withComment(false, react("comment"))],
    ["POST", `${at}/issues/:number/reactions`, withIssue(react("issue"))],
    [
      "GET",
      `${at}/pulls/comments`,
      (request) => {
        const all = inRepository(request);
        return all
          ? listed(
              request,
              base(),
              sorted(
                request,
                all.comments.filter((one) => one.inline),
              ).map(shapes.reviewComment),
            )
          : notFound;
      },
    ],
    ["PATCH", `${at}/pulls/comments/:id`, withComment(true, edit(shapes.reviewComment))],
    ["POST", `${at}/pulls/comments/:id/reactions`, withComment(true, react("comment"))],
    ["GET", `${at}/pulls/:number`, withPull((_, { issue }) => ({ json: shapes.pull(issue) }))],
    [
      "GET",
      `${at}/pulls/:number/comments`,
      withPull((request, { issue }) =>
        listed(request, base(), sorted(request, inline(issue)).map(shapes.reviewComment)),
      ),
    ],
    [
      "GET",
      `${at}/pulls/:number/reviews`,
      withPull((request, { issue }) =>
        listed(request, base(), state.reviews.filter((one) => one.issue === issue).map(shapes.review)),
      ),
    ],
    [
      "POST",
      `${at}/pulls/:number/comments/:id/replies`,
      withPull((request, { who, issue }) => {
        const root = inline(issue).find(
          (one) => one.id === Number(request.params["id"]) && one.inline?.replyTo === undefined,
        );
        return root
          ? speak((body) => changes.reply(actor(who), root, body, appId(who)), shapes.reviewComment, request)
          : notFound;
      }),
    ],
    [
      "POST",
      `${at}/pulls`,
      (request) => {
        const who = caller(request);
        const repository = repositoryOf(request, who);
        if (!who || !repository) return notFound;
        const head =
          String(request.body["head"] ?? "")
            .split(":")
            .at(-1) ?? "";
        if (!repository.branches.has(head)) return refuse(422, "Validation Failed: head is invalid");
        const facts = {
          title: String(request.body["title"] ?? ""),
          body: String(request.body["body"] ?? ""),
          pull: { head, base: String(request.body["base"] ?? "main") },
        };
        return { status: 201, json: shapes.pull(changes.open(actor(who), repository, facts)) };
      },
    ],
  ];
}
