/** `owner/name` or `host/owner/name` as people write it. Groups may have dots in their names too, so only a server that is known is taken for one. */
export const readRepositoryName = (
  written: string,
  isHost: (first: string) => boolean,
): { readonly host?: string; readonly name: string } => {
  const [first = "", ...others] = written.split("/");
  // A host may have a context path: `git.example.com/bitbucket/PROJ/repo`.
  for (let parts = others.length - 2; parts >= 0; parts -= 1) {
    const host = [first, ...others.slice(0, parts)].join("/").toLowerCase();
    if (isHost(host)) return { host, name: others.slice(parts).join("/") };
  }
  return { name: written };
};
