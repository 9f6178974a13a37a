import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import { Notice } from "../../ui/parts.tsx";
import { useChange } from "../api.ts";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { Proof } from "../session/proof.tsx";

/** Links the person to a site that somebody else has set up. */
export const LinkSite = ({ connection }: { readonly connection: Pick<ConnectionView, "id" | "host"> }) => {
  const link = useChange("linkToConnection", "getMe", "listConnections");
  if (link.data?.linked === true)
    return (
      <Notice tone="good">
        You are linked to {connection.host} as {link.data.link.accountName}.
      </Notice>
    );
  return (
    <div className="close">
      <ProblemNotice cause={link.error} />
      {link.data === undefined ? (
        <div className="row">
          <button
            type="button"
            className="primary"
            disabled={link.isPending}
            onClick={() => link.mutate({ params: { connection: connection.id } })}
          >
            {link.isPending ? "Linking…" : `Link yourself to ${connection.host}`}
          </button>
        </div>
      ) : (
        <Proof answer={link.data} />
      )}
    </div>
  );
};
