import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Chip, Notice } from "../../ui/parts.tsx";
import { useChange } from "../api.ts";
import { ConfirmButton } from "../parts/dialog.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { OAuthButton } from "../session/oauth-button.tsx";
import { usePerson } from "../session/person.tsx";
import { ConnectionFacts } from "./connection-facts.tsx";
import { ConnectionForm } from "./connection-form.tsx";
import { connectionState } from "./connection-state.ts";
import { holdsClient } from "./holds-client.ts";
import { HooksTable } from "./hooks-table.tsx";
import { Installations } from "./installations.tsx";
import { LinkSite } from "./link-site.tsx";
import { Manual } from "./manual.tsx";
import { UnlinkButton } from "./unlink-button.tsx";
import type { PlatformView } from "./use-platforms.ts";

interface Props {
  readonly connection: ConnectionView;
  readonly kind: CredentialKindView | undefined;
  readonly platform: PlatformView;
}

const lists = ["listConnections", "listMyConnections", "getMe", "findSite"] as const;

const Actions = ({ connection, kind, platform, edit }: Props & { readonly edit: () => void }) => {
  const { me } = usePerson();
  const check = useChange("checkConnection", ...lists);
  const change = useChange("changeConnection", ...lists);
  const remove = useChange("deleteConnection", ...lists);
  const { id, name, active, may } = connection;
  const params = { connection: id };
  const isAuthorised = connection.status?.ok === true && connection.status.account !== undefined;
  const isCreator = connection.createdBy?.id === me.id;
  const unlinks = kind?.creatorOnly === true && (connection.linkedAs !== undefined || (isCreator && active));
  return (
    <>
      <ProblemNotice cause={check.error ?? change.error} />
      <div className="row">
        {platform.oauth?.installs === true && (may.edit || may.hooks) && holdsClient(connection) && (
          <OAuthButton
            way={connection}
            label={isAuthorised ? "Authorise again" : `Authorise at ${connection.host}`}
            purpose="install"
            returnTo={`/integrations/${platform.id}`}
            primary={!isAuthorised}
          />
        )}
        <button type="button" disabled={check.isPending} onClick={() => check.mutate({ params })}>
          {check.isPending ? "Checking…" : "Check now"}
        </button>
        {may.edit && (
          <button type="button" onClick={edit} aria-label={`Edit ${name}`}>
            Edit
          </button>
        )}
        {may.activate && (
          <button
            type="button"
            disabled={change.isPending}
            onClick={() => change.mutate({ params, body: { active: !active } })}
          >
            {active ? "Switch off" : "Switch on"}
          </button>
        )}
        {unlinks && <UnlinkButton connection={connection} switchesOff={isCreator} />}
        {may.remove && (
          <ConfirmButton
            label="Remove"
            accessibleName={`Remove ${name}`}
            title={`Remove ${name}?`}
            confirm="Remove"
            busy="Removing…"
            act={() => remove.mutateAsync({ params })}
          >
            <p>
              Its credentials are deleted here. Runs and posts stay where they are; new asks there are not
              heard.
            </p>
          </ConfirmButton>
        )}
      </div>
    </>
  );
};

/** One connection: who, where, what is missing, and everything that can be done with it. */
export const ConnectionCard = (props: Props) => {
  const { connection, kind } = props;
  const [isEditing, setEditing] = useState(false);
  const [said, setSaid] = useState<string | undefined>();
  const [tone, words] = connectionState(connection);
  return (
    <article className="card" aria-label={connection.name}>
      <div className="row nowrap top">
        <div className="tight grow">
          <h3>{connection.name}</h3>
          <p className="mute small">
            {[
              connection.name.includes(connection.kindName) ? undefined : connection.kindName,
              connection.fixed ? "From environment variables" : undefined,
            ]
              .filter((fact) => fact !== undefined)
              .join(" · ")}
          </p>
        </div>
        <Chip tone={tone}>{words}</Chip>
      </div>
      {connection.status?.problem !== undefined && (
        <div className="notice close" data-tone={connection.active ? "bad" : "plain"}>
          <p>{connection.status.problem}</p>
          {connection.status.cure !== undefined && <p>{connection.status.cure}</p>}
        </div>
      )}
      {said !== undefined && <Notice tone="good">{said}</Notice>}
      {isEditing && kind !== undefined ? (
        <ConnectionForm
          kind={kind}
          owner={connection.owner.kind}
          stored={connection}
          cancel={() => setEditing(false)}
          done={() => {
            setEditing(false);
            setSaid("Saved and checked.");
          }}
        />
      ) : (
        <>
          <ConnectionFacts connection={connection} kind={kind} />
          {connection.may.link && <LinkSite connection={connection} />}
          <Actions
            {...props}
            edit={() => {
              setSaid(undefined);
              setEditing(true);
            }}
          />
        </>
      )}
      {connection.active && connection.hasInstallations && (
        <Installations connection={connection} kind={kind} />
      )}
      {connection.active && connection.hasHooks && <HooksTable connection={connection} />}
      <Manual connection={connection} kind={kind} />
    </article>
  );
};
