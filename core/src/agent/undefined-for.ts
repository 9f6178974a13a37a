import { Failure } from "../failure.ts";

/** For what is worth a try, with another way or none when it fails: `await ask().catch(undefinedFor)`. Only an expected failure is passed over. */
export const undefinedFor = (error: unknown): undefined => {
  if (error instanceof Failure) return undefined;
  throw error;
};
