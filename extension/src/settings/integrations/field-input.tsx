import type { FieldView } from "@ask-openhands/core/api/types.ts";
import { useId } from "react";
import { RichText } from "../parts/rich-text.tsx";
import { RepositoryMapInput } from "./repository-map-input.tsx";

interface Props {
  readonly field: Pick<FieldView, "key" | "label" | "help" | "format" | "choices" | "example" | "fallback"> &
    Partial<Pick<FieldView, "secret" | "required">>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the bot found wrong with this value. */
  readonly wrong?: string | undefined;
  /** A value is stored already; it cannot be shown. */
  readonly isSet?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** What people read instead of a choice's value. */
  readonly nameOf?: ((choice: string) => string) | undefined;
}

const numeric = new Set(["whole-number", "port", "money"]);

const inputModeOf = (format: string): "numeric" | "url" | "text" => {
  if (numeric.has(format)) return "numeric";
  return format === "url" || format === "host" ? "url" : "text";
};

const Control = ({
  field,
  value,
  onChange,
  isSet,
  disabled,
  described,
  nameOf,
  isWrong,
  id,
}: Omit<Props, "wrong"> & { readonly id: string; readonly described: string; readonly isWrong: boolean }) => {
  const shared = {
    id,
    name: field.key,
    value,
    disabled,
    required: field.required === true && isSet !== true,
    "aria-describedby": described,
    "aria-invalid": isWrong || undefined,
    autoComplete: field.secret === true ? "new-password" : "off",
    spellCheck: false,
    placeholder: isSet === true ? "Stored. Type to replace it." : (field.example ?? field.fallback),
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
  };
  if (field.format === "choice")
    return (
      <select {...shared}>
        {field.required !== true && field.fallback === undefined && <option value="">Not set</option>}
        {(field.choices ?? []).map((choice) => (
          <option key={choice} value={choice}>
            {nameOf?.(choice) ?? choice}
          </option>
        ))}
      </select>
    );
  if (field.format === "pem") return <textarea {...shared} rows={5} className="mono" />;
  return (
    <input
      {...shared}
      type={field.secret === true ? "password" : "text"}
      inputMode={inputModeOf(field.format)}
    />
  );
};

/** One value of the catalog or of the settings: its control, what it is, and what is wrong with it. */
export const FieldInput = (props: Props) => {
  const { field, value, onChange, wrong, disabled } = props;
  const id = useId();
  const described = `${id}-help ${id}-wrong`;
  const notes = (
    <>
      <small id={`${id}-help`} className="mute small">
        <RichText text={field.help} />
      </small>
      <small id={`${id}-wrong`} className="wrong small" aria-live="polite">
        {wrong}
      </small>
    </>
  );
  if (field.format === "repositories")
    return (
      <RepositoryMapInput
        name={field.key}
        label={field.label}
        help={field.help}
        value={value}
        onChange={onChange}
        wrong={wrong}
        disabled={disabled === true}
      />
    );
  if (field.format === "switch")
    return (
      <div className="field">
        <label className="row nowrap">
          <input
            type="checkbox"
            role="switch"
            name={field.key}
            checked={value === "true"}
            aria-checked={value === "true"}
            disabled={disabled}
            aria-describedby={described}
            onChange={(event) => onChange(event.target.checked ? "true" : "false")}
          />
          <span>{field.label}</span>
        </label>
        {notes}
      </div>
    );
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.label}
        {field.required === true && <span className="mute small"> (needed)</span>}
      </label>
      <Control {...props} id={id} described={described} isWrong={wrong !== undefined} />
      {notes}
    </div>
  );
};
