import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemNotice } from "./problem-notice.tsx";
import { Skeleton } from "./skeleton.tsx";

/** Loading, trouble with a way to try again, or what was answered. */
export const Answer = <T,>({
  of,
  label,
  children,
}: {
  readonly of: UseQueryResult<T>;
  /** What is being loaded, for those who cannot see it. */
  readonly label: string;
  readonly children: (value: T) => ReactNode;
}) => {
  if (of.data !== undefined) return children(of.data);
  if (of.isError)
    return (
      <ProblemNotice cause={of.error}>
        <div className="row">
          <button type="button" onClick={() => void of.refetch()}>
            Try again
          </button>
        </div>
      </ProblemNotice>
    );
  return <Skeleton label={label} />;
};
