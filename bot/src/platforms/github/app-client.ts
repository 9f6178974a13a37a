import { pino } from "pino";
import { Probot, ProbotOctokit } from "probot";

type AppOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

export interface AppClientSettings {
  readonly appId: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly baseUrl: string;
  readonly request: AppOptions["request"];
  readonly retry: AppOptions["retry"];
}

/** A client that is the App itself. */
export function createAppClient({
  appId,
  privateKey,
  webhookSecret,
  baseUrl,
  request,
  retry,
}: AppClientSettings) {
  const probot = new Probot({
    appId,
    privateKey,
    // Probot would take "development" without one. Its own receiver is not used: it has no body limit, no second secret, and answers before work is stored.
    secret: webhookSecret,
    baseUrl,
    request,
    // A function, because Probot's own options would come after those of an object.
    Octokit: ProbotOctokit.defaults((options: AppOptions) => ({
      ...options,
      throttle: { enabled: false },
      retry,
    })),
    log: pino({ level: "silent" }),
  });
  return probot.auth();
}
