import type { ConnectionView, CredentialKindView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Link } from "wouter";
import { Notice } from "../../ui/parts.tsx";
import { useAnswer } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { OAuthButton } from "../session/oauth-button.tsx";
import { usePerson } from "../session/person.tsx";
import { AddConnection } from "./add-connection.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { SiteFlow } from "./site-flow.tsx";
import { oauthClients, type PlatformView, useConnections } from "./use-platforms.ts";

const Cards = ({
  platform,
  connections,
}: {
  readonly platform: PlatformView;
  readonly connections: readonly ConnectionView[];
}) =>
  connections.map((connection) => (
    <ConnectionCard
      key={connection.id}
      connection={connection}
      platform={platform}
      kind={platform.kinds.find(({ kind }) => kind === connection.kind)}
    />
  ));

const Adding = ({
  platform,
  kinds,
  owner,
  startsOpen,
  label,
}: {
  readonly platform: PlatformView;
  readonly kinds: readonly CredentialKindView[];
  readonly owner: "workspace" | "person";
  readonly startsOpen: boolean;
  readonly label: string;
}) => {
  const [chosen, setOpen] = useState<boolean | undefined>();
  const open = chosen ?? startsOpen;
  const [said, setSaid] = useState<string | undefined>();
  if (kinds.length === 0) return null;
  const close = (what?: string): void => {
    setSaid(what);
    setOpen(what === undefined ? false : undefined);
  };
  const isSite = owner === "workspace" && kinds.some(({ creatorOnly }) => creatorOnly === true);
  if (!open)
    return (
      <>
        {said !== undefined && <Notice tone="good">{said}</Notice>}
        <div className="row">
          <button type="button" onClick={() => setOpen(true)}>
            <Icon name="plus" />
            {label}
          </button>
        </div>
      </>
    );
  return (
    <section className="card" aria-label={label}>
      <h3>{label}</h3>
      {isSite ? (
        <SiteFlow platform={platform} kinds={kinds} close={close} />
      ) : (
        <AddConnection platform={platform} kinds={kinds} owner={owner} close={close} />
      )}
    </section>
  );
};

const isSiteKind = ({ creatorOnly }: CredentialKindView): boolean => creatorOnly === true;

const Shared = ({
  platform,
  connections,
}: {
  readonly platform: PlatformView;
  readonly connections: readonly ConnectionView[];
}) => {
  const { isMaintainer } = usePerson();
  const kinds = platform.kinds.filter(({ owner }) => owner !== "person");
  const mayAdd = isMaintainer || kinds.some(isSiteKind);
  return (
    <section className="stack" aria-labelledby="shared">
      <h2 id="shared">This workspace</h2>
      <Cards platform={platform} connections={connections} />
      {connections.length === 0 && !mayAdd && (
        <Empty icon="plug" title="Not connected yet">
          <p>Only maintainers connect the workspace. Ask one of them, or connect your own account below.</p>
        </Empty>
      )}
      {mayAdd && (
        <Adding
          platform={platform}
          kinds={kinds}
          owner="workspace"
          startsOpen={connections.length === 0}
          label={
            connections.length === 0 ? `Connect ${platform.name}` : `Add another ${platform.name} connection`
          }
        />
      )}
    </section>
  );
};

const Own = ({
  platform,
  shared,
  own,
}: {
  readonly platform: PlatformView;
  readonly shared: readonly ConnectionView[];
  readonly own: readonly ConnectionView[];
}) => {
  const kinds = platform.kinds.filter(
    ({ owner, ways }) => owner !== "workspace" && ways?.includes("oauth") !== true,
  );
  const clients = oauthClients(platform, shared);
  if (kinds.length === 0 && clients.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="own">
      <div className="tight">
        <h2 id="own">Your own</h2>
        <p className="mute">Used for what you ask, before the workspace's. Nobody else sees or uses it.</p>
      </div>
      <Cards platform={platform} connections={own} />
      {clients.length > 0 && (
        <div className="row">
          {clients.map((client) => (
            <OAuthButton
              key={client.id}
              way={client}
              label={`Connect my account on ${client.host}`}
              purpose="connect"
              returnTo={`/integrations/${platform.id}`}
            />
          ))}
        </div>
      )}
      <Adding
        platform={platform}
        kinds={kinds}
        owner="person"
        startsOpen={false}
        label={`Add your own ${platform.name} credentials`}
      />
    </section>
  );
};

/** Everything about one platform. */
export const PlatformPage = ({ platform: id }: { readonly platform: string }) => {
  const catalog = useAnswer("getCatalog", {});
  const { shared, own } = useConnections();
  const platform = catalog.data?.platforms.find((one) => one.id === id);
  const ofPlatform = (items: readonly ConnectionView[]): readonly ConnectionView[] =>
    items.filter((one) => one.platform === id);
  return (
    <Page
      title={platform?.name ?? "Integration"}
      back={
        <Link href="/integrations" className="back">
          <Icon name="back" />
          All integrations
        </Link>
      }
    >
      <Answer of={catalog} label="the catalog">
        {() =>
          platform === undefined ? (
            <Empty icon="question" title="There is no such platform" />
          ) : (
            <Answer of={shared} label="connections">
              {({ items }) => (
                <div className="stack roomy">
                  <Shared platform={platform} connections={ofPlatform(items)} />
                  <Answer of={own} label="your connections">
                    {(mine) => (
                      <Own platform={platform} shared={ofPlatform(items)} own={ofPlatform(mine.items)} />
                    )}
                  </Answer>
                </div>
              )}
            </Answer>
          )
        }
      </Answer>
    </Page>
  );
};
