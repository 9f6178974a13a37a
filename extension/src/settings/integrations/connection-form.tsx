import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { isHookSecret } from "@ask-openhands/core/connection/hook-secret.ts";
import { type FormEvent, useState } from "react";
import { CopyField } from "../parts/copy-field.tsx";
import { RichText } from "../parts/rich-text.tsx";
import { CaInput } from "./ca-input.tsx";
import { type Draft, startDraft, wrongWith } from "./draft.ts";
import { FieldInput } from "./field-input.tsx";
import { SaveTrouble } from "./save-trouble.tsx";
import { useSave } from "./use-save.ts";

interface Props {
  readonly kind: CredentialKindView;
  readonly owner: "workspace" | "person";
  readonly stored?: ConnectionView | undefined;
  readonly preset?: Draft | undefined;
  readonly done: (saved: ConnectionView) => void;
  readonly cancel?: (() => void) | undefined;
}

const typedHost = (kind: CredentialKindView): { readonly usual: string } | undefined => {
  if ("usual" in kind.host) return { usual: kind.host.usual };
  return "typed" in kind.host ? { usual: "" } : undefined;
};

const Scopes = ({ kind }: { readonly kind: CredentialKindView }) => (
  <details>
    <summary>Rights it needs</summary>
    <ul className="tight scopes">
      {kind.scopes.map((scope) => (
        <li key={scope.name}>
          <code>{scope.name}</code>{" "}
          <span className="mute small">
            {scope.for}
            {scope.optional === true && " (optional)"}
          </span>
        </li>
      ))}
    </ul>
  </details>
);

/** Form of one kind of credentials, made from the catalog: the same for every platform. */
export const ConnectionForm = ({ kind, owner, stored, preset, done, cancel }: Props) => {
  const [draft, setDraft] = useState<Draft>(() => startDraft(kind, stored, preset));
  const [host, setHost] = useState(typedHost(kind)?.usual ?? "");
  const [name, setName] = useState(stored?.name ?? "");
  const [ca, setCa] = useState(stored?.ca ?? "");
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const { save, isSaving, problem } = useSave({ kind, owner, stored, done });
  const isSet = (key: string): boolean =>
    stored?.secrets.some((one) => one.name === key) === true && !removed.has(key);
  const submit = (more: { readonly approveHost?: boolean; readonly keepAnyway?: boolean } = {}): void =>
    save({ draft, host: typedHost(kind) === undefined ? undefined : host, name, ca, removed, ...more });

  const input = (field: CredentialKindView["fields"][number]) => (
    <div key={field.key} className="tight">
      <FieldInput
        field={field}
        value={draft[field.key] ?? ""}
        onChange={(value) => setDraft({ ...draft, [field.key]: value })}
        wrong={wrongWith(problem, field.key)}
        isSet={field.secret && isSet(field.key)}
      />
      {field.secret && !field.required && isSet(field.key) && (
        <label className="row small">
          <input
            type="checkbox"
            checked={false}
            onChange={() => setRemoved(new Set([...removed, field.key]))}
          />
          Remove the stored value
        </label>
      )}
    </div>
  );
  const fields = kind.fields.filter(({ key }) => owner === "workspace" || !isHookSecret(key));
  // Where nothing is needed by itself (one of several will do), everything is in sight.
  const isLoose = fields.every(({ required }) => !required);
  const needed = fields.filter(({ required }) => required || isLoose);
  const further = fields.filter((field) => !needed.includes(field));
  const withHost = typedHost(kind) !== undefined && stored === undefined;

  return (
    <form
      className="stack"
      aria-label={`${stored === undefined ? "Add" : "Change"}: ${kind.name}`}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="notice close">
        <p>
          <RichText text={kind.how} />
        </p>
        {kind.scopes.length > 0 && <Scopes kind={kind} />}
      </div>
      {kind.callbackUrl !== undefined && stored === undefined && kind.ways?.includes("oauth") === true && (
        <CopyField
          label="Redirect address to enter there"
          value={kind.callbackUrl.replace("{host}", hostIn(kind, draft, host))}
        />
      )}
      <div className="fields">
        {withHost && (
          <FieldInput
            field={{
              key: "host",
              label: "Host",
              help: "With or without `https://`.",
              format: "host",
              required: true,
              choices: undefined,
              example: "git.example.com",
              fallback: undefined,
            }}
            value={host}
            onChange={setHost}
            wrong={wrongWith(problem, "host")}
          />
        )}
        {needed.map(input)}
      </div>
      <details>
        <summary>More options</summary>
        <div className="fields">
          <FieldInput
            field={{
              key: "name",
              label: "Name",
              help: "What this connection is called here.",
              format: "text",
              choices: undefined,
              example: `${kind.name} (${hostIn(kind, draft, host)})`,
              fallback: undefined,
            }}
            value={name}
            onChange={setName}
            wrong={wrongWith(problem, "name")}
          />
          {further.map(input)}
          <CaInput value={ca} onChange={setCa} wrong={wrongWith(problem, "ca")} />
        </div>
      </details>
      <SaveTrouble problem={problem} isSaving={isSaving} again={submit} />
      <div className="row">
        <button type="submit" className="primary" disabled={isSaving}>
          {isSaving ? "Checking…" : "Check and save"}
        </button>
        {cancel !== undefined && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
};

/** Host of the form as far as it is known, for texts that name it. */
const hostIn = (kind: CredentialKindView, draft: Draft, host: string): string => {
  if ("only" in kind.host) return kind.host.only;
  if (!("from" in kind.host)) return host === "" ? "HOST" : host;
  const typed = (draft[kind.host.from] ?? "").trim();
  const address = URL.canParse(typed) ? new URL(typed) : undefined;
  if (address === undefined || address.host === "") return typed === "" ? "HOST" : typed;
  return `${address.host}${address.pathname.replace(/\/+$/, "").replaceAll("/", "~")}`;
};
