import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { useId, useState } from "react";
import { Notice } from "../../ui/parts.tsx";
import { ConnectionForm } from "./connection-form.tsx";
import type { Draft } from "./draft.ts";
import { ManifestForm } from "./manifest-form.tsx";
import type { PlatformView } from "./use-platforms.ts";

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: CredentialKindView;
  readonly isManifest: boolean;
}

const choicesOf = (kinds: readonly CredentialKindView[]): readonly Choice[] =>
  kinds.flatMap((kind) => {
    const typed: Choice = {
      id: kind.kind,
      label: kind.name,
      hint: kind.ways?.includes("manifest") === true ? "I made the app by hand" : "",
      kind,
      isManifest: false,
    };
    return kind.ways?.includes("manifest") === true
      ? [
          {
            ...typed,
            id: `${kind.kind} manifest`,
            label: `New ${kind.name}`,
            hint: "In one step",
            isManifest: true,
          },
          typed,
        ]
      : [typed];
  });

const KindPicker = ({
  choices,
  chosen,
  choose,
}: {
  readonly choices: readonly Choice[];
  readonly chosen: string;
  readonly choose: (id: string) => void;
}) => {
  const name = useId();
  return (
    <fieldset className="kinds">
      <legend className="sr">Kind of credentials</legend>
      {choices.map(({ id, label, hint }) => (
        <label key={id} className="kind">
          <input type="radio" name={name} value={id} checked={id === chosen} onChange={() => choose(id)} />
          <span>
            {label}
            {hint !== "" && <span className="mute small"> {hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
};

const describeSaved = ({ name, active, status }: ConnectionView): string => {
  if (!active) return `${name} is kept, switched off.`;
  return `${name} is connected${status?.account === undefined ? "" : ` as ${status.account.name}`}.`;
};

/** Choice among the kinds of credentials that a platform takes, and the form of the chosen one. */
export const AddConnection = ({
  platform,
  kinds,
  owner,
  preset,
  close,
}: {
  readonly platform: PlatformView;
  readonly kinds: readonly CredentialKindView[];
  readonly owner: "workspace" | "person";
  readonly preset?: Draft | undefined;
  /** Called when it is done, with what was done, or given up. */
  readonly close?: ((said?: string) => void) | undefined;
}) => {
  const choices = choicesOf(kinds);
  const [id, setId] = useState(choices[0]?.id ?? "");
  const [saved, setSaved] = useState<string | undefined>();
  const chosen = choices.find((one) => one.id === id) ?? choices[0];
  if (chosen === undefined) return null;
  if (saved !== undefined) return <Notice tone="good">{saved}</Notice>;
  const { host } = chosen.kind;
  const form = (
    <ConnectionForm
      key={chosen.id}
      kind={chosen.kind}
      owner={owner}
      preset={preset}
      cancel={close === undefined ? undefined : () => close()}
      done={(connection) => {
        setSaved(describeSaved(connection));
        close?.(describeSaved(connection));
      }}
    />
  );
  return (
    <div className="stack">
      {choices.length > 1 && <KindPicker choices={choices} chosen={chosen.id} choose={setId} />}
      {chosen.isManifest ? (
        <ManifestForm
          key={chosen.id}
          platform={platform}
          usualHost={"usual" in host ? host.usual : undefined}
        >
          {form}
        </ManifestForm>
      ) : (
        form
      )}
    </div>
  );
};
