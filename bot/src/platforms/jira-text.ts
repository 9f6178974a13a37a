import type { JiraRichText } from "@ask-openhands/core/wire/jira.ts";
import { adfToMarkdown } from "./jira-adf.ts";
import { wikiToMarkdown } from "./jira-wiki.ts";

/** What turns a text of Jira's into ours: whether a mentioned account is us, and the word that calls us. */
export interface MentionReader {
  isUs(account: string): boolean;
  readonly handle: string;
}

/** `[~accountid:5b10…]` (Cloud) and `[~name]` (Data Center): what the picker writes. */
const pickerMention = /\[~(?:accountid:)?([^\]\s]{1,200})\]/g;

/** Markdown of wiki markup or ADF. A picker mention of us becomes the handle; of others it becomes `@name`. */
export const jiraToMarkdown = (written: JiraRichText, reader: MentionReader): string => {
  if (written === null || written === undefined) return "";
  const named = (account: string, shown: string): string => {
    if (reader.isUs(account)) return reader.handle;
    return shown.startsWith("@") ? shown : `@${shown || account}`;
  };
  if (typeof written !== "string") return adfToMarkdown(written, named);
  return wikiToMarkdown(written.replace(pickerMention, (_whole, account: string) => named(account, account)));
};
