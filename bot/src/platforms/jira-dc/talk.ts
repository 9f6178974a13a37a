import { toWiki } from "@ask-openhands/core/render/to-wiki.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { JiraBody } from "../jira-api.ts";
import { jiraTextLimit } from "../jira-talk.ts";

/** REST v2 takes wiki markup; people are mentioned as `[~name]`. */
export const renderDc = (message: Message): JiraBody => toWiki(message, { limit: jiraTextLimit });
