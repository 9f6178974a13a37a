import type * as z from "zod";

type Issue = z.core.$ZodIssue;

const nouns: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "an object",
  record: "an object",
};

const formats: Readonly<Record<string, string>> = {
  url: "an address with `https://`",
  datetime: "a time as in ISO 8601",
};

const size = (issue: Extract<Issue, { readonly code: "too_small" | "too_big" }>): string => {
  const [least, bound] =
    issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  if (issue.origin === "string") return `must have ${least} ${bound} characters`;
  if (issue.origin === "array") return `must have ${least} ${bound} entries`;
  return `must be ${least} ${bound}`;
};

const clip = (text: string): string =>
  (text.length > 60 ? `${text.slice(0, 60)}…` : text).replaceAll(/[\p{Cc}`]/gu, "?");

/** What is wrong with one value, as the end of a sentence that begins with its name; never in the words of the schema library. */
export const describeIssue = (issue: Issue): string => {
  switch (issue.code) {
    case "invalid_type":
      return /received undefined/.test(issue.message)
        ? "is missing"
        : `must be ${nouns[issue.expected] ?? "of another type"}`;
    case "too_small":
    case "too_big":
      return size(issue);
    case "invalid_value":
      return `must be ${issue.values.map((value) => `\`${String(value)}\``).join(" or ")}`;
    case "unrecognized_keys":
      return `must not have \`${clip(issue.keys[0] ?? "")}\``;
    case "invalid_format":
      return /^Invalid/.test(issue.message)
        ? `is not ${formats[issue.format] ?? "in the right form"}`
        : issue.message;
    default:
      return "is not in the right form";
  }
};

/** Name of the value: its path, or the whole. */
export const issueName = (issue: Issue): string => clip(issue.path.map(String).join("."));
