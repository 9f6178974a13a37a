import { type AdfNode, toAdf } from "@ask-openhands/core/render/to-adf.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { markdownToAdf } from "marklassian";
import type { JiraBody } from "../jira-api.ts";
import { jiraTextLimit } from "../jira-talk.ts";

/** The library's nodes are ADF already; its own type is looser than ours. */
const nodesOf = (markdown: string): readonly AdfNode[] =>
  markdownToAdf(markdown).content as readonly AdfNode[];

/** REST v3 takes ADF. The document is checked by Jira; `{ ...document }` gives it the index signature of a JSON object. */
export const renderCloud = (message: Message): JiraBody => ({
  ...toAdf(message, { markdown: nodesOf, limit: jiraTextLimit }),
});
