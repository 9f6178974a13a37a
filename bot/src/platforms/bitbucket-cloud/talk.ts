import type { Author } from "@ask-openhands/core/work/mention.ts";

/** https://support.atlassian.com/bitbucket-cloud/kb/how-to-mention-users-in-pull-request-comments-through-the-bitbucket-cloud-rest-api/ */
export const mentionCloud = (author: Author): string => `@{${author.name}}`;
