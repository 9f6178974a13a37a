import type { GitHubRepository } from "@ask-openhands/core/wire/github.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";

const readHost = (address: string): string | undefined => {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  return url.host === "api.github.com" || url.host.endsWith(".ghe.com")
    ? url.host.replace(/^api\./, "")
    : url.host;
};

/** Deliveries name the same few repositories again and again. */
const hosts = new Map<string, string | undefined>();
const mostHosts = 1_000;

/** Host of a GitHub address, lower case with port; `api.github.com` and `api.<tenant>.ghe.com` are the APIs of `github.com` and `<tenant>.ghe.com`. */
export function hostOf(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  if (hosts.has(address)) return hosts.get(address);
  if (hosts.size >= mostHosts) hosts.clear();
  const host = readHost(address);
  hosts.set(address, host);
  return host;
}

interface PlaceFacts {
  readonly host: string;
  readonly repository: Pick<GitHubRepository, "id" | "full_name" | "html_url">;
  readonly kind: "issue" | "pull-request";
  readonly number: number;
  readonly title?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly connection?: string | undefined;
  readonly installation?: number | undefined;
}

/** The key holds the repository's id, not its name: names change when a repository is renamed or moved, the number on it stays. */
export function placeOf(facts: PlaceFacts): Place {
  const { host, repository, kind, number, connection, installation } = facts;
  const base = repository.html_url ?? `https://${host}/${repository.full_name}`;
  return {
    platform: "github",
    host,
    key: `github:${host}:${repository.id}#${number}`,
    kind,
    url: facts.url ?? `${base}/${kind === "issue" ? "issues" : "pull"}/${number}`,
    ...(facts.title ? { title: facts.title } : {}),
    label: `#${number}`,
    repository: repository.full_name,
    ...(connection === undefined ? {} : { connection }),
    address: {
      repositoryId: String(repository.id),
      number: String(number),
      ...(installation === undefined ? {} : { installation: String(installation) }),
    },
  };
}
