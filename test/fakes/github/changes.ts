import type { Deliver } from "./deliver.ts";
import type { Shapes } from "./shapes.ts";
import type { Comment, Issue, Repository, Review, State, User } from "./state.ts";

const hunk =
  "@@ -1,3 +1,4 @@\n export function total(items) {\n-  return items.length;\n+  return items[0].price;\n }";

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels?: readonly string[] | undefined;
  readonly pull?: { readonly head: string; readonly base: string } | undefined;
}

/** What can happen on the server: changes the state and delivers, whoever does it (a person on the page, or a client of the API). */
export function createChanges(state: State, shapes: Shapes, deliver: Deliver) {
  const touch = (issue: Issue): string => {
    issue.updatedAt = state.tick();
    return issue.updatedAt;
  };
  const eventOf = (issue: Issue): string => (issue.pull ? "pull_request" : "issues");
  const subject = (issue: Issue) =>
    issue.pull ? { number: issue.number, pull_request: shapes.pull(issue) } : { issue: shapes.issue(issue) };
  const tell = (issue: Issue, by: User, action: string, more: object = {}): void =>
    deliver(eventOf(issue), issue.repository, by, { action, ...subject(issue), ...more });

  const tellInline = (comment: Comment, by: User, action: string, more: object = {}): void =>
    deliver("pull_request_review_comment", comment.issue.repository, by, {
      action,
      comment: shapes.reviewComment(comment),
      pull_request: shapes.pull(comment.issue),
      ...more,
    });

  const tellComment = (comment: Comment, by: User, action: string, more: object = {}): void => {
    if (comment.inline) {
      tellInline(comment, by, action, more);
      return;
    }
    deliver("issue_comment", comment.issue.repository, by, {
      action,
      comment: shapes.comment(comment),
      issue: shapes.issue(comment.issue),
      ...more,
    });
  };

  const tellReview = (review: Review): void =>
    deliver("pull_request_review", review.issue.repository, review.user, {
      action: "submitted",
      // Webhooks say "commented" where the API says "COMMENTED", and null for an empty body.
      review: { ...shapes.review(review), state: "commented", body: review.body || null },
      pull_request: shapes.pull(review.issue),
    });

  const addInline = (
    by: User,
    issue: Issue,
    review: number,
    body: string,
    at: { readonly path: string; readonly line: number },
    replyTo?: number,
    appId?: number,
  ): Comment => {
    const now = touch(issue);
    const comment: Comment = {
      id: state.nextId(),
      issue,
      user: by,
      createdAt: now,
      updatedAt: now,
      body,
      appId,
      inline: { review, path: at.path, line: at.line, hunk, replyTo },
    };
    state.comments.push(comment);
    return comment;
  };

  const addReview = (by: User, issue: Issue, body: string): Review => {
    const review: Review = { id: state.nextId(), issue, user: by, body, submittedAt: touch(issue) };
    state.reviews.push(review);
    return review;
  };

  const label = (by: User, issue: Issue, name: string): void => {
    const at = touch(issue);
    issue.labels = [...issue.labels, name];
    state.events.push({ id: state.nextId(), event: "labeled", issue, actor: by, at, label: name });
    tell(issue, by, "labeled", { label: shapes.label(name) });
  };

  return {
    open(by: User, repository: Repository, facts: NewIssue): Issue {
      const now = state.tick();
      const number = state.issues.filter((one) => one.repository === repository).length + 1;
      const pull = facts.pull && { id: state.nextId(), ...facts.pull };
      const issue: Issue = {
        id: state.nextId(),
        number,
        repository,
        user: by,
        createdAt: now,
        updatedAt: now,
        title: facts.title,
        body: facts.body,
        labels: [],
        assignees: [],
        pull,
      };
      state.issues.push(issue);
      tell(issue, by, "opened");
      // A label given at creation is delivered a second time, as an event of its own.
      for (const name of facts.labels ?? []) label(by, issue, name);
      return issue;
    },
    comment(by: User, issue: Issue, body: string, appId?: number): Comment {
      const now = touch(issue);
      const comment: Comment = {
        id: state.nextId(),
        issue,
        user: by,
        createdAt: now,
        updatedAt: now,
        body,
        appId,
      };
      state.comments.push(comment);
      tellComment(comment, by, "created");
      return comment;
    },
    /** A single comment on code is a review of its own. */
    inline(
      by: User,
      issue: Issue,
      body: string,
      at: { readonly path: string; readonly line: number },
    ): Comment {
      const review = addReview(by, issue, "");
      const comment = addInline(by, issue, review.id, body, at);
      tellInline(comment, by, "created");
      tellReview(review);
      return comment;
    },
    reply(by: User, to: Comment, body: string, appId?: number): Comment {
      const review = addReview(by, to.issue, "");
      const root = to.inline?.replyTo ?? to.id;
      const comment = addInline(
        by,
        to.issue,
        review.id,
        body,
        { path: to.inline?.path ?? "", line: to.inline?.line ?? 1 },
        root,
        appId,
      );
      tellInline(comment, by, "created");
      tellReview(review);
      return comment;
    },
    review(
      by: User,
      issue: Issue,
      body: string,
      inline: readonly string[],
    ): { readonly review: Review; readonly comments: readonly Comment[] } {
      const review = addReview(by, issue, body);
      const comments = inline.map((text, index) =>
        addInline(by, issue, review.id, text, { path: "src/cart.ts", line: index + 1 }),
      );
      tellReview(review);
      for (const comment of comments) tellInline(comment, by, "created");
      return { review, comments };
    },
    label,
    setLabels(by: User, issue: Issue, labels: readonly string[]): void {
      const gone = issue.labels.filter((name) => !labels.includes(name));
      const added = labels.filter((name) => !issue.labels.includes(name));
      for (const name of gone) {
        touch(issue);
        issue.labels = issue.labels.filter((one) => one !== name);
        tell(issue, by, "unlabeled", { label: shapes.label(name) });
      }
      for (const name of added) label(by, issue, name);
    },
    assign(by: User, issue: Issue, to: User): void {
      const at = touch(issue);
      issue.assignees = [...issue.assignees, to];
      state.events.push({ id: state.nextId(), event: "assigned", issue, actor: by, at, assignee: to });
      tell(issue, by, "assigned", { assignee: shapes.user(to) });
    },
    editComment(by: User, comment: Comment, body: string): void {
      const from = comment.body;
      comment.updatedAt = touch(comment.issue);
      comment.body = body;
      tellComment(comment, by, "edited", { changes: { body: { from } } });
    },
    editIssue(
      by: User,
      issue: Issue,
      change: { readonly title?: string | undefined; readonly body?: string | undefined },
    ): void {
      const before = { title: issue.title, body: issue.body };
      touch(issue);
      issue.title = change.title ?? issue.title;
      issue.body = change.body ?? issue.body;
      if (change.body !== undefined) issue.lastEditedAt = issue.updatedAt;
      const changes = {
        ...(change.title === undefined ? {} : { title: { from: before.title } }),
        ...(change.body === undefined ? {} : { body: { from: before.body ?? "" } }),
      };
      tell(issue, by, "edited", { changes });
    },
    remove(by: User, comment: Comment): void {
      touch(comment.issue);
      state.comments.splice(state.comments.indexOf(comment), 1);
      tellComment(comment, by, "deleted");
    },
  };
}

export type Changes = ReturnType<typeof createChanges>;
