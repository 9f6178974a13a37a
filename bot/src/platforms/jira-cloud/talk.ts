import { toAdf } from "@ask-openhands/core/render/to-adf.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { JiraBody } from "../jira-api.ts";
import { jiraTextLimit } from "../jira-talk.ts";
import { markdownNodes } from "./markdown-nodes.ts";

/** REST v3 takes ADF. The document is checked by Jira; `{ ...document }` gives it the index signature of a JSON object. */
export const renderCloud = (message: Message): JiraBody => ({
  ...toAdf(message, { markdown: markdownNodes, limit: jiraTextLimit }),
});
