import { expect, it } from "vitest";

/** A page as the button's suite looks at it. */
export interface SiteCase {
  readonly name: string;
  readonly url: string;
  readonly html: string;
  /** `data-anchor` of the button; undefined when there must be none; "any" when only its being there is known. */
  readonly anchor: string | undefined;
  /** Labels of the tickets whose rows have a small button. */
  readonly rows?: readonly string[] | undefined;
}

/** What was seen after opening a page with the extension. */
export interface SiteLook {
  /** `data-anchor` of every button on the page. */
  readonly anchors: readonly string[];
  /** Names of the small buttons in rows of lists. */
  readonly rows: readonly string[];
  /** Milliseconds from the page's load to the button. */
  readonly after: number | undefined;
  /** True when the first button has a box and can be found by its name. */
  readonly reachable: boolean;
  /** Errors that come from our scripts. */
  readonly errors: readonly string[];
  /** The document without our element. */
  readonly rest: string;
}

/** Something that can open a page with and without the extension. */
export interface SiteSubject {
  look(page: SiteCase): Promise<SiteLook>;
  /** The document of the same page where the extension does not run. */
  plain(page: SiteCase): Promise<string>;
}

/** Milliseconds within which the button has to stand. */
const soon = 500;

/** What holds for every page of every site, whatever its generation. */
export const siteContract = (pages: readonly SiteCase[], subject: () => SiteSubject): void => {
  it.each(pages.map((page) => [page.name, page] as const))(
    "%s has its button, and nothing else of it changes",
    async (_name, page) => {
      const seen = await subject().look(page);
      expect(seen.errors).toEqual([]);
      expect(seen.rest).toBe(await subject().plain(page));
      expect(seen.rows).toEqual((page.rows ?? []).map((label) => `Ask OpenHands about ${label}`));
      if (page.anchor === undefined) return expect(seen.anchors).toEqual([]);
      expect(seen.anchors).toHaveLength(1);
      if (page.anchor !== "any") expect(seen.anchors).toEqual([page.anchor]);
      expect(seen.reachable).toBe(true);
      expect(seen.after).toBeLessThan(soon);
    },
  );
};
