import type { Problem } from "@ask-openhands/core/api/types.ts";

const isAboutHost = (problem: Problem): boolean => problem.host !== undefined && problem.status === 422;
/** Only a failed live check can be overruled; wrong values cannot. */
const isAboutCheck = (problem: Problem): boolean =>
  !isAboutHost(problem) && problem.fields === undefined && [422, 502, 503].includes(problem.status);

/** Why it was not saved, and what the person may say to have it saved all the same. */
export const SaveTrouble = ({
  problem,
  isSaving,
  again,
}: {
  readonly problem: Problem | undefined;
  readonly isSaving: boolean;
  readonly again: (more: { readonly approveHost?: boolean; readonly keepAnyway?: boolean }) => void;
}) => {
  if (problem === undefined) return null;
  return (
    <div className="notice close" data-tone={isAboutHost(problem) ? "warn" : "bad"} role="alert">
      <p>{problem.detail}</p>
      {problem.cure !== undefined && <p>{problem.cure}</p>}
      {isAboutHost(problem) && (
        <div className="row">
          <button type="button" disabled={isSaving} onClick={() => again({ approveHost: true })}>
            Approve {problem.host} and save
          </button>
        </div>
      )}
      {isAboutCheck(problem) && (
        <div className="row">
          <button type="button" disabled={isSaving} onClick={() => again({ keepAnyway: true })}>
            Keep it, switched off
          </button>
        </div>
      )}
    </div>
  );
};
