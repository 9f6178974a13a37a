/** A path of our own page to go to after signing in; everything that could lead elsewhere becomes `/`. */
export const safePath = (path: string | undefined): string =>
  path !== undefined && /^\/(?:[\w-]+(?:\/[\w-]+)*)?(?:#[\w=/-]*)?$/.test(path) ? path : "/";
