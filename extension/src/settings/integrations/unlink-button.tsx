import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Field } from "../../ui/parts.tsx";
import { useChange } from "../api.ts";
import { ConfirmButton } from "../parts/dialog.tsx";

/** Ends one's own link; the creator's ends the site for everybody, and says so first. */
export const UnlinkButton = ({
  connection,
  switchesOff,
}: {
  readonly connection: ConnectionView;
  readonly switchesOff: boolean;
}) => {
  const [token, setToken] = useState("");
  const unlink = useChange("unlinkFromConnection", "getMe", "listConnections", "findSite");
  const act = (): Promise<unknown> =>
    unlink.mutateAsync({
      params: { connection: connection.id },
      body: token === "" ? {} : { oneTimeToken: token },
    });
  return (
    <ConfirmButton
      label="Unlink"
      accessibleName={`Unlink from ${connection.host}`}
      title={switchesOff ? `Switch ${connection.host} off for everybody?` : `Unlink from ${connection.host}?`}
      confirm={switchesOff ? "Unlink and switch off" : "Unlink"}
      busy="Unlinking…"
      act={act}
    >
      {switchesOff ? (
        <>
          <p>
            You set this site up, so unlinking switches it off for everybody. Only you can switch it on again;
            the others keep their links until then.
          </p>
          {connection.hasHooks && (
            <Field
              label="Administrator's token (optional)"
              type="password"
              value={token}
              onChange={setToken}
              help="Removes the webhook there too. Used for this once and never stored."
            />
          )}
        </>
      ) : (
        <p>Only your own link ends; the site stays as it is for the others.</p>
      )}
    </ConfirmButton>
  );
};
