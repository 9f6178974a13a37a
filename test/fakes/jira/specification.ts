import { type OpenApi, openApi } from "../openapi.ts";
import type { FakeRequest } from "../routes.ts";

/** The document of Data Center gives a property's value as text that holds JSON; the server takes any JSON, as its own page posts it. */
const misprint = /\/properties\/\d+\/value must be string$/;

/** What Jira's requests are checked against, without what a document is known to get wrong. */
export const jiraSpecification = (name: string, prefix: string): OpenApi | undefined => {
  const document = openApi(name, { prefix });
  return (
    document && {
      check: (request: FakeRequest) => document.check(request)?.filter((broken) => !misprint.test(broken)),
    }
  );
};
