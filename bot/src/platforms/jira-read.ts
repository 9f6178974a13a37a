import { Failure } from "@ask-openhands/core/failure.ts";
import type { JiraComment, JiraIssue, JiraUser } from "@ask-openhands/core/wire/jira.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { chooseRepository } from "./choose-repository.ts";
import type { PlatformDeps } from "./deps.ts";
import { editedAt } from "./edited-at.ts";
import { commentUrl } from "./jira-place.ts";
import { isInternal, isInternalAsk } from "./jira-privacy.ts";
import type { JiraSites } from "./jira-sites.ts";
import { jiraToMarkdown } from "./jira-text.ts";
import type { Permission, Platform } from "./platform.ts";

const commentsRead = 100;

type Reading = Required<
  Pick<Platform, "mayAsk" | "thread" | "chooseRepository" | "attachment" | "attachmentsOf">
>;

const idOfAccount = (user: JiraUser | null | undefined): string =>
  user?.accountId || user?.key || user?.name || "unknown";

const isoOf = (text: string | null | undefined): string => {
  const time = Date.parse((text ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
};

/**
 * When the description was changed last. Where so much happened that not all of it is told (Cloud: 40 changes), it may have been changed when the oldest
 * that is told happened.
 */
const descriptionChangedAt = ({ changelog }: JiraIssue): string | undefined => {
  const histories = (changelog?.histories ?? [])
    .map(({ created, items }) => ({ at: isoOf(created), items: items ?? [] }))
    .sort((one, other) => one.at.localeCompare(other.at));
  const last = histories.findLast(({ items }) => items.some(({ field }) => field === "description"));
  const isCut = (changelog?.total ?? 0) > histories.length;
  return last?.at ?? (isCut ? histories[0]?.at : undefined);
};

/** What Jira tells of a ticket. */
export const createJiraReading = (deps: PlatformDeps, sites: JiraSites): Reading => {
  const authorOf = (place: Place, user: JiraUser | null | undefined): Author => {
    const id = idOfAccount(user);
    const kind = ((): Author["kind"] => {
      if (sites.isOwn(place.host, id)) return "self";
      return user?.accountType === "app" ? "bot" : "person";
    })();
    return {
      platform: place.platform,
      host: place.host,
      id,
      name: user?.accountId || user?.name || id,
      ...(user?.displayName ? { displayName: user.displayName } : {}),
      kind,
    };
  };

  const markdown = (place: Place, text: JiraComment["body"]): string =>
    jiraToMarkdown(text, {
      handle: deps.handles(place.connection)[0] ?? "@openhands",
      isUs: (account) => sites.isOwn(place.host, account),
    });

  const entryOf = (place: Place, comment: JiraComment): ThreadEntry => ({
    author: authorOf(place, comment.author),
    at: isoOf(comment.created),
    ...editedAt(isoOf(comment.created), isoOf(comment.updated)),
    text: markdown(place, comment.body),
    url: commentUrl(place, comment.id),
  });

  /** What the asker may not see must not be told to others: notes for some are left out unless the ask is such a note itself. */
  const readableWith =
    ({ reply }: Mention, issue: JiraIssue) =>
    (comment: JiraComment): boolean => {
      const { type, value } = comment.visibility ?? {};
      const isAmongUs = value === reply["visibilityValue"] && (type ?? "role") === reply["visibilityType"];
      if (value && !isAmongUs) return false;
      return isInternalAsk(reply) || isInternal(comment, issue) === false;
    };

  /**
   * The ticket's files. Service management shows customers only those that came with what they may read, and its answers do not say which: so there an
   * open ask has those that its author or the reporter added, but none that an internal note names.
   */
  const attachmentsOf = async (
    mention: Mention,
    issue: JiraIssue,
    readComments: () => Promise<readonly JiraComment[]>,
  ): Promise<NonNullable<Thread["attachments"]>> => {
    const files = issue.fields?.attachment ?? [];
    const isOpen = !isInternalAsk(mention.reply) && isInternal({ properties: [] }, issue) === true;
    const isReadable = readableWith(mention, issue);
    const hidden =
      isOpen && files.length > 0
        ? (await readComments())
            .filter((comment) => !isReadable(comment))
            .map(({ body }) => JSON.stringify(body))
        : [];
    const adders = [mention.author.id, idOfAccount(issue.fields?.reporter)];
    return files
      .filter(
        ({ author, filename }) =>
          !isOpen ||
          (adders.includes(idOfAccount(author)) && !hidden.some((text) => text.includes(filename ?? ""))),
      )
      .slice(0, 20)
      .map((file) => ({
        name: file.filename ?? file.id,
        type: file.mimeType ?? "application/octet-stream",
        size: file.size ?? 0,
        ...(file.created ? { at: isoOf(file.created) } : {}),
        url: file.content ?? file.id,
      }));
  };

  const idOf = (place: Place): string => place.address["issue"] ?? "";

  return {
    async mayAsk(author, place): Promise<Permission> {
      const connection = sites.forPlace(place);
      const api = sites.api(connection);
      const issue = await api.issue(idOf(place));
      try {
        const may = await api.mayComment(issue, author);
        return may
          ? { may: true }
          : {
              may: false,
              why: `You may not comment on ${issue.key ?? place.label}, so you cannot ask here.`,
            };
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== "not-allowed") throw error;
        throw new Failure(
          "not-allowed",
          "Our Jira account may not see what you are allowed to do here. Its administrator can give it the right to browse users and administer the project.",
          { cause: error },
        );
      }
    },

    async thread(mention) {
      const { place } = mention;
      const connection = sites.forPlace(place);
      const api = sites.api(connection);
      await sites.account(connection);
      const [issue, comments] = await Promise.all([
        api.issue(idOf(place), true),
        api.comments(idOf(place), commentsRead),
      ]);
      const description = markdown(place, issue.fields?.description);
      return {
        title: issue.fields?.summary ?? place.label,
        ...(description === ""
          ? {}
          : {
              description: {
                author: authorOf(place, issue.fields?.reporter ?? issue.fields?.creator),
                text: description,
                at: isoOf(issue.fields?.created),
                ...editedAt(isoOf(issue.fields?.created), descriptionChangedAt(issue)),
              },
            }),
        ...(issue.fields?.status?.name ? { state: issue.fields.status.name } : {}),
        labels: issue.fields?.labels ?? [],
        entries: comments
          .filter((comment) => comment.id !== mention.reply["comment"])
          .filter(readableWith(mention, issue))
          .map((comment) => entryOf(place, comment))
          .sort((one, other) => one.at.localeCompare(other.at)),
        attachments: await attachmentsOf(mention, issue, async () => comments),
      };
    },

    async chooseRepository(mention, thread) {
      const { place } = mention;
      const connection = sites.forPlace(place);
      const project =
        (place.address["key"] ?? (await sites.api(connection).issue(idOf(place))).key ?? "").split("-")[0] ??
        "";
      const presets = [
        ...(connection.settings["repositories"] ?? "").split(","),
        ...deps.defaultRepositories(connection.id),
      ].map((entry) => entry.trim());
      const preset = presets
        .find((entry) => entry.toUpperCase().startsWith(`${project.toUpperCase()}=`))
        ?.slice(project.length + 1);
      const workspaceId = deps.workspaceOf(connection.id);
      const personId = deps.connections.personOf(place.platform, place.host, mention.author.id, workspaceId);
      return chooseRepository({
        ask: mention.text,
        ...(project === "" || preset === undefined ? {} : { preset }),
        links: await sites.api(connection).links(idOf(place)),
        around: [
          thread.title,
          thread.description?.text ?? "",
          ...thread.entries.filter((entry) => entry.author.kind === "person").map((entry) => entry.text),
        ],
        onBehalf: { personId, workspaceId },
        find: deps.findRepositories,
      });
    },

    async attachmentsOf(mention) {
      // `!picture.png!`, `[^build.log]`, or in ADF the name in plain words: a comment names what the ticket has.
      const api = sites.api(sites.forPlace(mention.place));
      const issue = await api.issue(idOf(mention.place));
      const files = await attachmentsOf(mention, issue, () => api.comments(issue.id, commentsRead));
      return files.filter(({ name }) => mention.text.includes(name));
    },

    async attachment(mention, url, limit) {
      const api = sites.api(sites.forPlace(mention.place));
      const id =
        /\/(?:attachment\/content|secure\/attachment|attachment)\/(\d+)/.exec(url)?.[1] ??
        (/^\d+$/.test(url) ? url : "");
      if (id === "") throw new Failure("bad-input", "This is no attachment of the ticket.");
      return api.attachment(id, url, limit);
    },
  };
};
