import type { ConnectionView, CredentialKindView, InstallationView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Chip, Field, WebLink } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";

const sayRepositories = (repositories: InstallationView["repositories"]): string => {
  if (repositories === "all") return "All repositories";
  return repositories === 1 ? "1 repository" : `${repositories} repositories`;
};

const Installation = ({ installation }: { readonly installation: InstallationView }) => (
  <li className="line-item">
    <div className="tight grow">
      <p>
        <strong>{installation.account}</strong>{" "}
        <span className="mute small">
          {sayRepositories(installation.repositories)} · id {installation.id}
        </span>
      </p>
      {installation.suspended && (
        <p className="wrong small">Suspended there: its repositories cannot be reached.</p>
      )}
      {installation.missing.length > 0 && (
        <p className="wrong small">
          Rights missing: {installation.missing.join(", ")}. The account's owner accepts them under Configure.
        </p>
      )}
    </div>
    {installation.suspended && <Chip tone="bad">Suspended</Chip>}
    <WebLink url={installation.configureUrl}>Configure repositories</WebLink>
  </li>
);

const AddById = ({ connection }: { readonly connection: ConnectionView }) => {
  const [id, setId] = useState("");
  const add = useChange("addInstallation", "listInstallations", "listConnections");
  return (
    <details>
      <summary>Add an installation by its id</summary>
      <form
        className="close"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ params: { connection: connection.id }, body: { id } }, { onSuccess: () => setId("") });
        }}
      >
        <Field
          label="Installation id"
          value={id}
          onChange={setId}
          help="The number at the end of the installation's address."
          required
        />
        <ProblemNotice cause={add.error} />
        <div className="row">
          <button type="submit" disabled={add.isPending || id.trim() === ""}>
            {add.isPending ? "Adding…" : "Add"}
          </button>
          <span className="mute small" role="status">
            {add.isSuccess ? `Added: ${add.data.account}.` : ""}
          </span>
        </div>
      </form>
    </details>
  );
};

/** Where an app is installed and which repositories it may touch. */
export const Installations = ({
  connection,
  kind,
}: {
  readonly connection: ConnectionView;
  readonly kind: CredentialKindView | undefined;
}) => {
  // Only apps made from a manifest are installed; a person's token is not.
  const isApp = kind?.ways?.includes("manifest") === true;
  const answer = useAnswer("listInstallations", { params: { connection: connection.id } }, isApp);
  if (!isApp) return null;
  return (
    <section className="close" aria-label={`Installations of ${connection.name}`}>
      <h4>Installations</h4>
      <Answer of={answer} label="installations">
        {({ installations, installUrl }) => (
          <>
            {installations.length === 0 ? (
              <Empty icon="plug" title="Not installed anywhere yet">
                <p>Install the app on the account whose repositories it shall work in.</p>
              </Empty>
            ) : (
              <ul className="lines">
                {installations.map((one) => (
                  <Installation key={one.id} installation={one} />
                ))}
              </ul>
            )}
            {installUrl !== undefined && (
              <p>
                <WebLink url={installUrl}>
                  {installations.length === 0 ? "Install the app" : "Install on another account"}
                </WebLink>
              </p>
            )}
            <AddById connection={connection} />
          </>
        )}
      </Answer>
    </section>
  );
};
