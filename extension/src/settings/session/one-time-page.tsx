import type { OneTimeLinkView, SessionView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { useLocation } from "wouter";
import { Field } from "../../ui/parts.tsx";
import { queries, useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Moment } from "../parts/moment.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { useTokenInAddress } from "./address.ts";
import { Door } from "./door.tsx";
import { OAuthButton } from "./oauth-button.tsx";

const titles: Readonly<Record<OneTimeLinkView["purpose"], string>> = {
  "first-sign-in": "Welcome to Ask OpenHands",
  invitation: "You are invited",
  "link-account": "Link your account",
};

const Offer = ({
  link,
  token,
  session,
}: {
  readonly link: OneTimeLinkView;
  readonly token: string;
  readonly session: SessionView;
}) => {
  const [name, setName] = useState("");
  const [, go] = useLocation();
  const signIn = useChange("signIn");
  const needsName = !session.signedIn;
  const enter = (): void =>
    signIn.mutate(
      { body: { token, ...(needsName ? { name } : {}) } },
      {
        onSuccess: (answer) => {
          // Another person may have been here before: nothing of theirs stays.
          queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "getSession" });
          queries.setQueryData(["getSession", {}], answer);
          go("/integrations", { replace: true });
        },
      },
    );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      {link.purpose === "first-sign-in" ? (
        <p>This link makes you the owner of this bot. Next you connect the places where you work.</p>
      ) : (
        <p>
          {link.invitedBy ?? "A maintainer"} invites you to <strong>{link.workspace?.name}</strong> as{" "}
          <strong>{link.role}</strong>. The link ends <Moment at={link.expiresAt} />.
        </p>
      )}
      {needsName && (
        <Field label="Your name" value={name} onChange={setName} help="Shown to the others here." required />
      )}
      <ProblemNotice cause={signIn.error} />
      <div className="row">
        <button type="submit" className="primary" disabled={signIn.isPending}>
          {signIn.isPending ? "Entering…" : "Continue"}
        </button>
      </div>
      {link.purpose === "invitation" && needsName && session.ways.length > 0 && (
        <div className="close wide-buttons">
          <p className="mute">Or accept it with an account, and sign in with that from now on:</p>
          {session.ways.map((way) => (
            <OAuthButton
              key={way.id}
              way={way}
              label={`Continue with ${way.name} (${way.host})`}
              purpose="sign-in"
              returnTo="/"
              invitation={token}
            />
          ))}
        </div>
      )}
    </form>
  );
};

/** The printed first link, and invitations. */
export const OneTimePage = ({ session }: { readonly session: SessionView }) => {
  const token = useTokenInAddress();
  const link = useAnswer("describeLink", { body: { token } }, token.length >= 20);
  if (token.length < 20)
    return (
      <Door title="This link is not whole">
        <p>Copy the whole address, with everything after the #, and open it again.</p>
      </Door>
    );
  return (
    <Door title={link.data === undefined ? "One moment" : titles[link.data.purpose]}>
      <Answer of={link} label="what this link is for">
        {(value) => <Offer key={token} link={value} token={token} session={session} />}
      </Answer>
    </Door>
  );
};
