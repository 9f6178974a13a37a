import type { LinkView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Field } from "../../ui/parts.tsx";
import { queries, useAnswer, useChange } from "../api.ts";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { OAuthButton } from "../session/oauth-button.tsx";
import { usePerson } from "../session/person.tsx";

const proofs: Readonly<Record<LinkView["proof"], string>> = {
  oauth: "signed in there",
  token: "by a token",
  message: "by a message",
  invitation: "by invitation",
};

const Account = ({ link }: { readonly link: LinkView }) => {
  const unlink = useChange("unlinkAccount", "getMe", "listConnections");
  return (
    <li className="line-item">
      <div className="tight grow">
        <p className="row">
          <strong>{link.accountName}</strong>
          <span className="mute">
            {link.platformName} · {link.host}
          </span>
        </p>
        <p className="mute small">
          Proven {proofs[link.proof]}, <Moment at={link.createdAt} />
        </p>
      </div>
      <ConfirmButton
        label="Unlink"
        accessibleName={`Unlink ${link.accountName} on ${link.host}`}
        title={`Unlink ${link.accountName}?`}
        confirm="Unlink"
        busy="Unlinking…"
        act={() => unlink.mutateAsync({ params: { link: link.id } })}
      >
        <p>What this account asks for no longer counts as asked by you.</p>
      </ConfirmButton>
    </li>
  );
};

const Name = () => {
  const { me } = usePerson();
  const [name, setName] = useState(me.name);
  const rename = useChange("renameMe", "getMe", "listMembers");
  return (
    <form
      className="close"
      aria-label="Your name"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ body: { name } });
      }}
    >
      <Field label="Name" value={name} onChange={setName} required />
      <ProblemNotice cause={rename.error} />
      <div className="row">
        <button type="submit" disabled={rename.isPending || name.trim() === "" || name === me.name}>
          {rename.isPending ? "Saving…" : "Save name"}
        </button>
        <span className="mute small" role="status">
          {rename.isSuccess ? "Saved." : ""}
        </span>
      </div>
    </form>
  );
};

/** The person: name, accounts on other servers, the end of it all. */
export const AccountPage = () => {
  const { me } = usePerson();
  const session = useAnswer("getSession", {});
  const remove = useChange("deleteMe");
  const leave = async (): Promise<void> => {
    await remove.mutateAsync({});
    queries.clear();
    window.location.assign("/");
  };
  return (
    <Page title="Your account" intro="Who you are here, and which accounts elsewhere are you.">
      <div className="stack">
        <Card title="You">
          <Name />
        </Card>
        <Card
          title="Linked accounts"
          intro="What these accounts ask for runs as you, with your credentials first."
        >
          {me.links.length === 0 ? (
            <Empty icon="person" title="No linked account">
              <p>Ask somewhere: the bot answers with a link that proves the account is yours.</p>
            </Empty>
          ) : (
            <ul className="lines">
              {me.links.map((link) => (
                <Account key={link.id} link={link} />
              ))}
            </ul>
          )}
          <div className="row">
            {(session.data?.ways ?? []).map((way) => (
              <OAuthButton
                key={way.id}
                way={way}
                label={`Link ${way.name} (${way.host})`}
                purpose="link"
                returnTo="/account"
              />
            ))}
          </div>
        </Card>
        <Card
          title="Delete your data"
          intro="Links, devices, tokens and your own connections. The workspace stays."
        >
          <div className="row">
            <ConfirmButton
              label="Delete my data"
              title="Delete your data here?"
              confirm="Delete everything of mine"
              busy="Deleting…"
              act={leave}
            >
              <p>This cannot be taken back. You are signed out at once.</p>
            </ConfirmButton>
          </div>
        </Card>
      </div>
    </Page>
  );
};
