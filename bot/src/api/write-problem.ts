import type { ProblemAnswer } from "./problem.ts";

/** RFC 9457. */
export const writeProblem = ({ problem, headers }: ProblemAnswer): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
