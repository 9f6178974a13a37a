import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemNotice } from "./problem-notice.tsx";

const Skeleton = ({ label }: { readonly label: string }) => (
  <div className="skeleton" role="status" aria-label={label}>
    <span />
    <span />
    <span />
  </div>
);

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
  return <Skeleton label={`Loading ${label}`} />;
};
