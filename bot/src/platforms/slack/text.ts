/** Turns Slack's mrkdwn into markdown; a mention of one of `us` becomes the handle. https://docs.slack.dev/messaging/formatting-message-text/ */
export interface SlackReader {
  readonly handle: string;
  isUs(user: string): boolean;
}

const token = /<([@#!]?)([^<>|\n]{1,3000})(?:\|([^<>\n]{0,3000}))?>/g;

const unescapeEntities = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const linkOf = (address: string, label: string | undefined): string => {
  const url = unescapeEntities(address).replace(/^mailto:/, "");
  if (label === undefined || label === address) return /^https?:/i.test(url) ? `<${url}>` : url;
  return `[${unescapeEntities(label).replace(/[[\]]/g, "")}](${url.replace(/[()\s]/g, encodeURIComponent)})`;
};

const readToken = (sign: string, inner: string, label: string | undefined, reader: SlackReader): string => {
  if (sign === "@") return reader.isUs(inner) ? reader.handle : `@${label ?? inner}`;
  if (sign === "#") return `#${label || inner}`;
  if (sign === "!") return label ?? `@${inner.split("^")[0] ?? ""}`;
  return linkOf(inner, label);
};

const marks = (prose: string): string =>
  prose
    .replace(/(^|[\s(_~])\*(?=\S)([^*\n]*[^\s*])\*(?=$|[\s).,:;!?_~])/g, "$1**$2**")
    .replace(/(^|[\s(_*])~(?=\S)([^~\n]*[^\s~])~(?=$|[\s).,:;!?_*])/g, "$1~~$2~~");

/** Code keeps its content to the letter; everything else is read. */
export const slackToMarkdown = (written: string, reader: SlackReader): string =>
  written
    .split(/(```[\s\S]*?(?:```|$)|`[^`\n]+`)/)
    .map((part, at) => {
      if (at % 2 === 1) return unescapeEntities(part.startsWith("```") ? fenced(part) : part);
      const read = part.replace(token, (_whole, sign: string, inner: string, label?: string) =>
        // Angle brackets of what was read must survive the entities of what was typed.
        readToken(sign, inner, label, reader).replaceAll("&", "&amp;"),
      );
      return unescapeEntities(marks(read));
    })
    .join("");

/** Slack fences may stand in the middle of a line; markdown's may not. */
const fenced = (part: string): string => {
  const inner = part.replace(/^```\n?/, "").replace(/\n?```$/, "");
  return `\n\`\`\`\n${inner}\n\`\`\`\n`;
};
