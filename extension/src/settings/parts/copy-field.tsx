import { useId, useState } from "react";
import { Icon } from "./icon.tsx";

/** A value to take elsewhere: address of a webhook, an invitation, a manifest. */
export const CopyField = ({
  label,
  value,
  help,
  long = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly help?: string | undefined;
  readonly long?: boolean;
}) => {
  const id = useId();
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid("Copied");
    } catch {
      // Without https the browser has no clipboard for pages.
      document.querySelector<HTMLInputElement>(`#${CSS.escape(id)}`)?.select();
      setSaid("Press Ctrl+C");
    }
    window.setTimeout(() => setSaid(""), 4_000);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="row nowrap top">
        {long ? (
          <textarea id={id} readOnly value={value} rows={6} className="mono" />
        ) : (
          <input id={id} readOnly value={value} className="mono" onFocus={(event) => event.target.select()} />
        )}
        <button type="button" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
          <Icon name={said === "Copied" ? "check" : "copy"} />
          <span aria-live="polite">{said === "" ? "Copy" : said}</span>
        </button>
      </div>
      {help !== undefined && <small className="mute small">{help}</small>}
    </div>
  );
};
