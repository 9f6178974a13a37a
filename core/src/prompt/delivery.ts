import { isBranchName } from "../trigger/names.ts";
import type { Place } from "../work/place.ts";
import type { Run } from "../work/run.ts";
import type { Thread } from "../work/thread.ts";
import { branchFor } from "./branch-name.ts";

/** What a workspace and a platform say about how work is handed in. */
export interface DeliveryRules {
  /** False: the agent must leave CI files and code owners alone. */
  readonly allowCiChanges: boolean;
  /** What the platform of the repository calls it; "pull request" when absent. */
  readonly changeRequest?: "pull request" | "merge request" | undefined;
  /** True for work in another repository than the place's own, where the numbers and branches of the place mean something else. */
  readonly elsewhere?: boolean | undefined;
  /** Environment variable with the token for the repository's host. */
  readonly tokenName?: string | undefined;
}

const ciFiles =
  "`.github/workflows`, `.github/actions`, `.gitlab-ci.yml`, `bitbucket-pipelines.yml`, `.circleci`, `azure-pipelines.yml`, `Jenkinsfile`, `CODEOWNERS` and folders of git hooks";

/** A branch name of theirs stands in our rules only when it cannot be anything but a name. */
const named = (branch: string | undefined, otherwise: string): string =>
  branch !== undefined && isBranchName(branch) ? `\`${branch}\`` : otherwise;

/** How work is handed in at a pull request that exists. */
export const pullRequestRules = (thread: Thread, word: string): readonly string[] => {
  const { pullRequest } = thread;
  const source = named(pullRequest?.sourceBranch, `the branch that the ${word} comes from`);
  const target = named(pullRequest?.targetBranch, `the branch that the ${word} goes to`);
  const where = `Work on ${source}: check it out, commit there, and push to that same branch. Never push to ${target}, never force-push, and open no other ${word}.`;
  const look = `Look at the difference to ${target} before you change anything.`;
  if (pullRequest?.fork !== true) return [where, look];
  const repository = pullRequest.sourceRepository;
  const fork =
    repository !== undefined && /^[\w.~/-]{1,300}$/.test(repository)
      ? `the fork \`${repository}\``
      : "a fork";
  return [
    `${where} That branch lives in ${fork}: add the fork as a remote, check that you push to it, and push there.`,
    `If the push is refused, the fork does not allow it. Then change nothing else, and say in your final message what you would have pushed.`,
    look,
  ];
};

const reference = (place: Place, elsewhere: boolean): string => {
  if (place.kind === "ticket")
    return `Begin its title with \`[${place.label}]\` and put ${place.url} into its description.`;
  if (place.kind === "issue" && !elsewhere) return `Put \`Fixes ${place.label}\` into its description.`;
  return `Put ${place.url} into its description.`;
};

const forNewBranch = (run: Run, thread: Thread, word: string, elsewhere: boolean): readonly string[] => {
  const base = named(run.repository?.branch ?? thread.repository?.defaultBranch, "the default branch");
  const branch = branchFor(
    run.place,
    thread.title === "" ? (run.asks[0]?.request ?? "") : thread.title,
    run.id,
  );
  return [
    `Create the branch \`${branch}\` from ${base} (go on with it where it exists already), commit there, push it, and open a ${word} from it to ${base}. Push to no other branch.`,
    `${reference(run.place, elsewhere)} Follow the repository's template for ${word}s where it has one.`,
  ];
};

/** How the work is handed in, one rule a line. Names that others chose stand in it only when they are harmless. */
export const deliveryRules = (run: Run, thread: Thread, rules: DeliveryRules): readonly string[] => {
  const word = rules.changeRequest ?? "pull request";
  const elsewhere = rules.elsewhere === true;
  const hasRepository = run.repository !== undefined || thread.repository !== undefined;
  const question = "If the request is a question, answer it in your final message and change nothing.";
  const reader =
    run.place.kind === "page"
      ? "Your final message is shown to the person who asked and to members of their workspace. Write it"
      : "Your final message is posted where the request was made. Write it for the people there,";
  const last = `${reader} in markdown, short: what you did, how you checked it, what is open.`;
  if (!hasRepository)
    return [
      question,
      "You work without a repository: you have no token for one, open no pull request, and push nothing. When the request needs one, say so in your final message.",
      last,
    ];
  return [
    question,
    ...(run.place.kind === "pull-request" && !elsewhere
      ? pullRequestRules(thread, word)
      : forNewBranch(run, thread, word, elsewhere)),
    ...(rules.tokenName === undefined
      ? []
      : [
          `The environment variable \`${rules.tokenName}\` has the token for git and for the API of the repository's host. Never print, store or commit it.`,
        ]),
    ...(rules.allowCiChanges
      ? []
      : [
          `Leave these alone: ${ciFiles}. When the request needs a change there, describe it in your final message instead.`,
        ]),
    "Add or change tests where the change needs them, and run the ones that touch it.",
    `${last} End it with the full address of the ${word} on a line of its own when there is one.`,
  ];
};
