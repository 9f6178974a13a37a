import type { ManifestAnswer } from "@ask-openhands/core/api/types.ts";
import { type ReactNode, useState } from "react";
import { Field, WebLink } from "../../ui/parts.tsx";
import { client, problemOf } from "../api.ts";
import { CopyField } from "../parts/copy-field.tsx";
import { usePerson } from "../session/person.tsx";
import { CaInput } from "./ca-input.tsx";
import { wrongWith } from "./draft.ts";
import { SaveTrouble } from "./save-trouble.tsx";
import type { PlatformView } from "./use-platforms.ts";

/** The browser goes there itself with the manifest, as the other server's own page wants it. */
const post = ({ action, fields }: ManifestAnswer): void => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
  form.remove();
};

/** Makes the app at the other server in one step. */
export const ManifestForm = ({
  platform,
  usualHost,
  children,
}: {
  readonly platform: PlatformView;
  readonly usualHost: string | undefined;
  /** Where the app's keys are typed, for servers that do not hand them over by themselves. */
  readonly children: ReactNode;
}) => {
  const { workspace } = usePerson();
  const [name, setName] = useState("Ask OpenHands");
  const [organization, setOrganization] = useState("");
  const [host, setHost] = useState(usualHost ?? "");
  const [ca, setCa] = useState("");
  const [answer, setAnswer] = useState<ManifestAnswer | undefined>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const told = problem === undefined ? undefined : problemOf(problem);

  const prepare = async (approveHost: boolean): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const made = await client.call("createManifest", {
        params: { workspace: workspace.id },
        body: {
          platform: platform.id,
          name,
          ...(usualHost === undefined ? {} : { host }),
          ...(organization.trim() === "" ? {} : { organization }),
          ...(ca.trim() === "" ? {} : { ca }),
          approveHost,
        },
      });
      setAnswer(made);
      if (made.copy === undefined) post(made);
      else setBusy(false);
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };

  return (
    <>
      <form
        className="stack"
        aria-label={`Create the app at ${platform.name}`}
        onSubmit={(event) => {
          event.preventDefault();
          void prepare(false);
        }}
      >
        <p>
          {platform.name} makes the app from our description: its address, rights and events are right from
          the start.
        </p>
        <div className="fields">
          <Field label="Name of the app" value={name} onChange={setName} required />
          {usualHost !== undefined && (
            <>
              <Field
                label="Organisation"
                value={organization}
                onChange={setOrganization}
                help="Short name of the organisation that shall own the app. Empty: your own account."
              />
              <Field label="Host" value={host} onChange={setHost} required />
            </>
          )}
        </div>
        {usualHost !== undefined && (
          <details>
            <summary>More options</summary>
            <CaInput value={ca} onChange={setCa} wrong={wrongWith(told, "ca")} />
          </details>
        )}
        <SaveTrouble problem={told} isSaving={isBusy} again={() => void prepare(true)} />
        <div className="row">
          <button type="submit" className="primary" disabled={isBusy}>
            {isBusy ? `Going to ${platform.name}…` : `Create the app at ${platform.name}`}
          </button>
        </div>
      </form>
      {answer?.copy !== undefined && (
        <>
          <div className="close" role="status">
            <p>
              <WebLink url={answer.action}>Open {platform.name} with this manifest</WebLink>, create the app
              there, then enter its keys below. Should the page there ask for a manifest, paste this:
            </p>
            <CopyField label="Manifest" value={answer.copy} long />
          </div>
          {children}
        </>
      )}
    </>
  );
};
