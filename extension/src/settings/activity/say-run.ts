import type { RunView } from "@ask-openhands/core/api/types.ts";

/** " · 3 min", for as long as it has worked; nothing before it began. */
export const sayLength = (
  { startedAt, endedAt }: Pick<RunView, "startedAt" | "endedAt">,
  now = Date.now(),
): string => {
  if (startedAt === undefined) return "";
  const end = endedAt === undefined ? now : Date.parse(endedAt);
  const seconds = Math.max(0, Math.round((end - Date.parse(startedAt)) / 1_000));
  if (seconds < 60) return ` · ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? ` · ${minutes} min` : ` · ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** " · $0.12"; less than a cent is said as such. */
export const sayCost = ({ cost }: Pick<RunView, "cost">): string => {
  if (cost === undefined) return "";
  return cost > 0 && cost < 0.01 ? " · under $0.01" : ` · $${cost.toFixed(2)}`;
};

/** GitLab's people know merge requests, and write them with an exclamation mark. */
export const sayChange = ({ url, number }: NonNullable<RunView["pullRequest"]>): string =>
  url.includes("/merge_requests/") ? `Merge request !${number}` : `Pull request #${number}`;
