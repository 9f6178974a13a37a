const units = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** "3 minutes ago", "in 2 days". */
export const sayWhen = (iso: string, now = Date.now()): string => {
  const seconds = Math.round((Date.parse(iso) - now) / 1_000);
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  if (unit === undefined) return seconds > 0 ? "in a moment" : "just now";
  return relative.format(Math.round(seconds / unit[1]), unit[0]);
};

/** A time in words, with the exact one at hand. */
export const Moment = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={exact.format(new Date(at))}>
    {sayWhen(at)}
  </time>
);
