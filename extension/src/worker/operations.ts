import * as z from "zod";

const pageUrl = z.url({ protocol: /^https?$/ }).max(2_000);
const runId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const nothing = z.strictObject({});
const baseUrl = z.string().trim().min(1).max(300);
const secret = z.string().trim().min(1).max(20_000);

const context = z.strictObject({
  kind: z.enum(["selection", "lines", "job", "file"]),
  title: z.string().max(300).optional(),
  url: pageUrl.optional(),
  text: z.string().max(50_000).optional(),
});

const ask = z.strictObject({
  url: pageUrl,
  text: z.string().trim().min(1).max(20_000),
  context: z.array(context).max(10).optional(),
  title: z.string().max(300).optional(),
  branch: z.string().max(300).optional(),
  requestId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
});

/** `page`: our script in a tab, only about its own tab's address. `own`: popup and options. */
export type From = "page" | "own";

interface OperationRule {
  readonly from: readonly From[];
  readonly input: z.ZodType;
}

const both = ["page", "own"] as const;
const own = ["own"] as const;

/** Everything that can be asked of the background; nothing else is answered. None takes an address to fetch for somebody else. */
export const operations = {
  "describe-page": { from: both, input: z.strictObject({ url: pageUrl }) },
  "preview-ask": { from: both, input: ask },
  ask: { from: both, input: ask },
  "follow-ask": { from: both, input: z.strictObject({ url: pageUrl, key: z.string().min(1).max(500) }) },
  "open-panel": { from: both, input: nothing },
  "open-setup": { from: both, input: nothing },
  "place-status": { from: both, input: z.strictObject({ url: pageUrl }) },
  "stop-run": { from: both, input: z.strictObject({ url: pageUrl, run: runId }) },
  "retry-run": { from: both, input: z.strictObject({ url: pageUrl, run: runId }) },
  "say-to-run": {
    from: both,
    input: z.strictObject({ url: pageUrl, run: runId, text: z.string().trim().min(1).max(20_000) }),
  },
  "install-hook": {
    from: both,
    input: z.strictObject({ url: pageUrl, action: z.enum(["install", "repair"]) }),
  },

  overview: { from: own, input: nothing },
  "start-pairing": { from: own, input: z.strictObject({ baseUrl }) },
  "check-pairing": { from: own, input: nothing },
  "cancel-pairing": { from: own, input: nothing },
  unpair: { from: own, input: nothing },
  "choose-workspace": { from: own, input: z.strictObject({ workspace: runId }) },
  "save-agent": {
    from: own,
    input: z.strictObject({
      kind: z.enum(["cloud", "server"]),
      baseUrl,
      key: z.string().trim().max(20_000),
      model: z.string().trim().max(200).optional(),
      modelKey: z.string().trim().max(20_000).optional(),
      modelBaseUrl: z.string().trim().max(300).optional(),
    }),
  },
  "remove-agent": { from: own, input: nothing },
  "save-token": {
    from: own,
    input: z.strictObject({
      kind: z.string().max(60),
      host: z.string().trim().max(300),
      email: z.string().trim().max(300).optional(),
      token: secret,
    }),
  },
  "check-token": { from: own, input: z.strictObject({ id: runId }) },
  "remove-token": { from: own, input: z.strictObject({ id: runId }) },
  "save-preferences": {
    from: own,
    input: z.strictObject({
      theme: z.enum(["page", "light", "dark"]).optional(),
      notify: z.boolean().optional(),
      prefers: z.enum(["bot", "direct"]).optional(),
    }),
  },
  "add-site": {
    from: own,
    input: z.strictObject({
      address: baseUrl,
      product: z.enum(["github", "gitlab", "bitbucket-dc", "jira-dc"]),
    }),
  },
  "remove-site": { from: own, input: z.strictObject({ origin: z.string().max(300) }) },
  "current-page": { from: own, input: nothing },
  "bot-connections": { from: own, input: nothing },
  "export-settings": { from: own, input: nothing },
  "import-settings": { from: own, input: z.strictObject({ text: z.string().max(100_000) }) },
} as const satisfies Readonly<Record<string, OperationRule>>;

export const messageSchema = z.strictObject({ operation: z.string().max(40), input: z.unknown() });
