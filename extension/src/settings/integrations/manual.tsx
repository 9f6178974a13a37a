import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { CopyField } from "../parts/copy-field.tsx";

/** Addresses to enter by hand at the other server, for those who do. */
export const Manual = ({
  connection,
  kind,
}: {
  readonly connection: ConnectionView;
  readonly kind: CredentialKindView | undefined;
}) => {
  const { webhook, callbackUrl } = connection;
  const hasClient = kind?.fields.some(({ key }) => key === "clientId") === true;
  const callback = hasClient ? callbackUrl : undefined;
  if (webhook === undefined && callback === undefined) return null;
  return (
    <details>
      <summary>Addresses to enter by hand</summary>
      <div className="close">
        {webhook !== undefined && (
          <>
            <CopyField label="Webhook address" value={webhook.url} />
            <p className="small mute">Events to tick: {webhook.events.join(", ")}.</p>
          </>
        )}
        {callback !== undefined && <CopyField label="Redirect address for OAuth" value={callback} />}
      </div>
    </details>
  );
};
