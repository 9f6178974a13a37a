import { type Client, createClient, ProblemError } from "@ask-openhands/core/api/client.ts";
import type { RouteName } from "@ask-openhands/core/api/routes.ts";
import type { Input, Problem, Reply } from "@ask-openhands/core/api/types.ts";
import {
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

let csrfToken: string | undefined;

/** The bot's API as this page uses it: with the session cookie, so every change carries the CSRF token. */
export const client: Client = createClient({
  baseUrl: "",
  fetch: (input, init) => window.fetch(input, init),
  csrfToken: () => csrfToken,
});

/** From `getSession`; kept in memory only. */
export const keepCsrfToken = (token: string | undefined): void => {
  csrfToken = token;
};

const hasStatus = (cause: unknown, ...statuses: readonly number[]): boolean =>
  cause instanceof ProblemError && statuses.includes(cause.problem.status);

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Only what may pass by itself is tried again: no answer, and another server's trouble.
      retry: (count, cause) => count < 2 && hasStatus(cause, 0, 502, 503),
      refetchOnWindowFocus: true,
    },
  },
});

/** A problem as a sentence for people; never a stack or a status alone. */
export const problemOf = (cause: unknown): Problem =>
  cause instanceof ProblemError
    ? cause.problem
    : {
        type: "about:blank",
        title: "Trouble on this page",
        status: 0,
        detail: "Something went wrong on this page. Reload it and try again.",
      };

/** Forgets what a route answered, so that it is asked again where it is shown. */
export const refresh = (...names: readonly RouteName[]): Promise<unknown> =>
  Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));

const lostSession = (cause: unknown): void => {
  if (hasStatus(cause, 401)) void refresh("getSession");
};

/** Asks a route and keeps the answer. */
export const useAnswer = <Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  enabled = true,
): UseQueryResult<Reply<Name>> =>
  useQuery({
    queryKey: [name, input],
    enabled,
    queryFn: async ({ signal }) => {
      try {
        return await client.call(name, input, { signal });
      } catch (cause) {
        if (name !== "getSession") lostSession(cause);
        throw cause;
      }
    },
  });

/** Calls a route that changes something; then the named answers are asked again. */
export const useChange = <Name extends RouteName>(
  name: Name,
  ...changed: readonly RouteName[]
): UseMutationResult<Reply<Name>, Error, Input<Name>> => {
  const cache = useQueryClient();
  return useMutation<Reply<Name>, Error, Input<Name>>({
    mutationFn: (input) => client.call(name, input),
    onError: lostSession,
    onSuccess: () => Promise.all(changed.map((one) => cache.invalidateQueries({ queryKey: [one] }))),
  });
};
