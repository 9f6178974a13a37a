interface Page<T> {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string | undefined };
}

export const perPage = 100;

/** Number of the last page, from the `Link` header; the address in it is not followed, so that credentials stay on their own host. */
export function lastPage(link: string | undefined): number {
  const last = /<([^<>]*)>;\s*rel="last"/.exec(link ?? "")?.[1];
  if (!last || !URL.canParse(last)) return 1;
  return Number(new URL(last).searchParams.get("page")) || 1;
}

/** The first item that fits, looking from the newest page backwards, in lists that GitHub gives oldest first. */
export async function findNewest<T>(
  most: number,
  read: (page: number) => Promise<Page<T>>,
  fits: (item: T) => boolean,
): Promise<T | undefined> {
  for await (const items of pagesBackwards(most, read)) {
    const found = items.findLast(fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The newest `most` pages of a list that GitHub gives oldest first; the items in their own order. */
export async function newestItems<T>(
  most: number,
  read: (page: number) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const pages: (readonly T[])[] = [];
  for await (const items of pagesBackwards(most, read)) pages.unshift(items);
  return pages.flat();
}

async function* pagesBackwards<T>(
  most: number,
  read: (page: number) => Promise<Page<T>>,
): AsyncIterable<readonly T[]> {
  const first = await read(1);
  const last = lastPage(first.headers.link);
  for (let page = last; page > Math.max(1, last - most); page -= 1) yield (await read(page)).data;
  if (last <= most) yield first.data;
}

/** Items of a list that GitHub gives newest first, until one does not fit any more. */
export async function itemsUntil<T>(
  most: number,
  read: (page: number) => Promise<Page<T>>,
  fits: (item: T) => boolean,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = 1; page <= most; page += 1) {
    const { data } = await read(page);
    const end = data.findIndex((item) => !fits(item));
    if (end !== -1) return [...items, ...data.slice(0, end)];
    items.push(...data);
    if (data.length < perPage) break;
  }
  return items;
}
