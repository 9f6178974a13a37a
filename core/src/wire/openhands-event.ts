import * as z from "zod";

/*
 * Events of an OpenHands conversation, the same from the app server and the agent server. The union of kinds is open and grows with every
 * release: nothing here may refuse an event, so every field that is used may also be missing or odd.
 * https://docs.openhands.dev/sdk/arch/events
 */

const text = z.string().catch("");
const optionalText = z.string().optional().catch(undefined);

const Content = z.array(z.looseObject({ text: optionalText })).catch([]);
export type Content = z.infer<typeof Content>;

const PlannedTask = z.looseObject({ title: text, status: text });

const Action = z.looseObject({
  kind: text,
  command: optionalText,
  path: optionalText,
  message: optionalText,
  thought: optionalText,
  is_input: z.boolean().optional().catch(undefined),
  task_list: z.array(PlannedTask).optional().catch(undefined),
});
export type Action = z.infer<typeof Action>;

const Observation = z.looseObject({
  kind: text,
  content: Content,
  is_error: z.boolean().catch(false),
  exit_code: z.number().nullish().catch(undefined),
  command: optionalText,
});

const Classification = z.looseObject({ kind: text });

export const OpenHandsEvent = z.looseObject({
  id: text,
  kind: text,
  /** Naive local time of the agent's machine. */
  timestamp: text,
  source: text,
  tool_name: optionalText,
  action_id: optionalText,
  tool_call_id: optionalText,
  summary: z.string().nullish().catch(undefined),
  action: Action.nullish().catch(undefined),
  observation: Observation.nullish().catch(undefined),
  llm_message: z.looseObject({ role: text, content: Content }).nullish().catch(undefined),
  error: optionalText,
  code: optionalText,
  detail: optionalText,
  classification: Classification.nullish().catch(undefined),
  key: optionalText,
  value: z.unknown().optional(),
  /** Of an ACP agent's tool call. */
  title: optionalText,
  status: optionalText,
  is_error: z.boolean().optional().catch(undefined),
  tool_kind: optionalText,
});
export type OpenHandsEvent = z.infer<typeof OpenHandsEvent>;

export const EventPage = z.looseObject({
  /** What is no event at all becomes `null`: one odd entry must not hide the others. */
  items: z.array(OpenHandsEvent.nullable().catch(null)),
  next_page_id: z.string().nullish(),
});
export type EventPage = z.infer<typeof EventPage>;

export const textOf = (content: Content | undefined): string =>
  (content ?? [])
    .map((part) => part.text ?? "")
    .filter((part) => part !== "")
    .join("\n");

const Metrics = z.looseObject({ accumulated_cost: z.number().nullish().catch(undefined) });
export const Stats = z.looseObject({ usage_to_metrics: z.record(z.string(), Metrics).catch({}) });

/** US dollars over all models that the conversation uses. */
export const costOf = (stats: unknown): number | undefined => {
  const parsed = Stats.safeParse(stats);
  if (!parsed.success) return undefined;
  const costs = Object.values(parsed.data.usage_to_metrics).map((metrics) => metrics.accumulated_cost ?? 0);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  return sum > 0 ? sum : undefined;
};

/** `null` from the app server: the agent's machine sleeps or did not answer; unknown, never "done". */
export const ExecutionStatus = z
  .enum(["idle", "running", "paused", "waiting_for_confirmation", "finished", "error", "stuck", "deleting"])
  .nullish()
  .catch(undefined);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;
