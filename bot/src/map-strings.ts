/** The same plain data with every text in it changed; names of fields stay. */
export const mapStrings = <Value>(value: Value, change: (text: string) => string): Value =>
  mapUnknown(value, change) as Value;

const mapUnknown = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapUnknown(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapUnknown(one, change)]));
};
