import type { ReactNode } from "react";
import { problemOf } from "../api.ts";

/** What went wrong and what to do about it; read out at once. */
export const ProblemNotice = ({
  cause,
  children,
}: {
  readonly cause: unknown;
  readonly children?: ReactNode;
}) => {
  if (cause === undefined || cause === null) return null;
  const { detail, cure } = problemOf(cause);
  return (
    <div className="notice close" data-tone="bad" role="alert">
      <p>{detail}</p>
      {cure !== undefined && cure !== detail && <p>{cure}</p>}
      {children}
    </div>
  );
};
