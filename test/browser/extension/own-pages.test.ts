import { afterAll, beforeAll, describe } from "vitest";
import { type SiteSubject, siteContract } from "../../contracts/site.ts";
import { ownPages, selfManaged } from "../../fixtures/pages/own-pages.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { addSite, createSiteSubject } from "./site-subject.ts";

describe.skipIf(!hasChromium)("a page of each kind, at its site's real address", () => {
  let browser: Browser;
  let subject: SiteSubject;
  beforeAll(async () => {
    browser = await startBrowser({ allowed: ["https://*/*"] });
    for (const [address, product] of selfManaged) await addSite(browser, address, product);
    subject = await createSiteSubject(browser);
  });
  afterAll(() => browser?.close());

  siteContract(ownPages, () => subject);
});
