const zoned = /(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Epoch milliseconds of an event. Timestamps are naive and in the time zone of the agent's machine, which nobody tells: mostly UTC (containers) or
 * our own (same machine). Of the two readings the later one that is not in the future is taken; else the moment of reading.
 */
export const eventTime = (timestamp: string, now: number): number => {
  if (zoned.test(timestamp)) {
    const at = Date.parse(timestamp);
    return Number.isNaN(at) ? now : Math.min(at, now);
  }
  const readings = [Date.parse(`${timestamp}Z`), Date.parse(timestamp)].filter((at) => at <= now + 60_000);
  return readings.length === 0 ? now : Math.min(Math.max(...readings), now);
};
