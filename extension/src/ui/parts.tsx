import { type ReactNode, useId } from "react";

export type Tone = "good" | "warn" | "bad" | "live" | "plain";

export const Chip = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className="chip" data-tone={tone}>
    {tone === "live" && <span className="beat" aria-hidden="true" />}
    {children}
  </span>
);

export const Notice = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <p className="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
    {children}
  </p>
);

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
  readonly type?: "text" | "password" | "url" | "email" | undefined;
  readonly placeholder?: string | undefined;
  readonly required?: boolean | undefined;
}

export const Field = ({ label, value, onChange, help, type = "text", placeholder, required }: FieldProps) => {
  const [id, helpId] = [useId(), useId()];
  // The help is no part of the name: a screen reader says it once, after the name.
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        placeholder={placeholder}
        required={required}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={help === undefined ? undefined : helpId}
        onChange={(event) => onChange(event.target.value)}
      />
      {help !== undefined && (
        <small id={helpId} className="mute small">
          {help}
        </small>
      )}
    </div>
  );
};

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

export const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label className="field">
    <span>{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  </label>
);

/** Only web addresses become links; text from outside that is none stays text. */
export const WebLink = ({
  url,
  children,
}: {
  readonly url: string | undefined;
  readonly children: ReactNode;
}) => {
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return null;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
};
