/** What reaches git, an API path or a prompt as a name. Stricter than the platforms: no shell, option, ref-spec or path trick fits in. */
const repositorySegment = /^(?:~?[A-Za-z0-9_]|\.(?=[A-Za-z0-9_]))[A-Za-z0-9._-]*$/;
const hostSegment = /^[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}){0,10}(?::\d{1,5})?$/i;
const branchChars = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._/+#@=-]*$/u;
const modelChars = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,119}$/;

const segmentsAreFine = (segments: readonly string[]): boolean =>
  segments.every(
    (segment) =>
      segment.length <= 255 &&
      repositorySegment.test(segment) &&
      !segment.includes("..") &&
      !segment.endsWith(".lock"),
  );

/** `owner/name`, `group/sub/project`, `PROJ/repo`, `~user/repo`, or one of these after a host. */
export const isRepositoryName = (name: string): boolean => {
  if (name.length > 512) return false;
  const segments = name.split("/");
  if (segments.length < 2 || segments.length > 22) return false;
  const [first = "", ...others] = segments;
  if (segmentsAreFine(segments)) return true;
  return others.length >= 2 && hostSegment.test(first) && segmentsAreFine(others);
};

/** A branch name that is safe everywhere; rules of `git check-ref-format` and no character that a shell knows. */
export const isBranchName = (name: string): boolean => {
  if (name.length > 200 || !branchChars.test(name)) return false;
  if (name.includes("..") || name.includes("//") || name === "HEAD" || /^refs\//i.test(name)) return false;
  return name
    .split("/")
    .every(
      (part) =>
        part !== "" &&
        !part.startsWith(".") &&
        !part.startsWith("-") &&
        !part.endsWith(".") &&
        !part.endsWith(".lock"),
    );
};

/** `gpt-5`, `openhands/claude-sonnet-4-5`, `ollama/qwen3:32b`. */
export const isModelName = (name: string): boolean =>
  modelChars.test(name) && !name.includes("..") && !name.includes("//");

/** `owner/name` from what people paste: an address of the repository becomes `host/owner/name`, `.git` goes. Undefined when it is no repository name. */
export const readRepositoryName = (written: string): string | undefined => {
  const bare = written
    .replace(/^https?:\/\//i, "")
    .replace(/\/$/, "")
    .replace(/\.git$/, "");
  return isRepositoryName(bare) ? bare : undefined;
};
