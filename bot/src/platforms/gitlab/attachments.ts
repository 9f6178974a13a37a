import type { Attachment } from "@ask-openhands/core/work/mention.ts";

/** How GitLab writes a file that was dropped into a text: `/uploads/<32 hex digits>/<name>`. https://docs.gitlab.com/api/project_markdown_uploads/ */
const upload = /\/uploads\/([0-9a-f]{32})\/([^\s)"'<>?#]+)/g;

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  txt: "text/plain",
  log: "text/plain",
  json: "application/json",
  csv: "text/csv",
};

const typeOf = (name: string): string =>
  types[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";

const decode = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch (malformed) {
    if (malformed instanceof URIError) return name;
    throw malformed;
  }
};

/** Files in markdown that were uploaded to this project, each once. GitLab does not tell their size. */
export function attachmentsIn(markdown: string, baseUrl: string, project: string): readonly Attachment[] {
  const found = [...markdown.matchAll(upload)].map(([, secret = "", name = ""]) => ({ secret, name }));
  const once = new Map(found.map((one) => [`${one.secret}/${one.name}`, one]));
  return [...once.values()].map(({ secret, name }) => ({
    name: decode(name),
    type: typeOf(name),
    size: 0,
    url: `${baseUrl}/-/project/${project}/uploads/${secret}/${name}`,
  }));
}

/** Path of the file in the API, which takes our credentials; the browser's address would ask for a sign-in. */
export function uploadPath(url: string, baseUrl: string): string | undefined {
  const own = url.startsWith(`${baseUrl}/-/project/`) ? url.slice(baseUrl.length) : "";
  const parts = /^\/-\/project\/(\d+)\/uploads\/([0-9a-f]{32})\/([^/?#]+)$/.exec(own);
  return parts === null ? undefined : `/api/v4/projects/${parts[1]}/uploads/${parts[2]}/${parts[3]}`;
}
