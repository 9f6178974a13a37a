import type { SessionView } from "@ask-openhands/core/api/types.ts";
import { useEffect } from "react";
import { safeReturn } from "./address.ts";
import { Door } from "./door.tsx";
import { OAuthButton } from "./oauth-button.tsx";

/** The door for people who have been here before; the first one comes by the printed link. */
export const SignInPage = ({ session }: { readonly session: SessionView }) => {
  useEffect(() => {
    document.title = "Sign in · Ask OpenHands";
  }, []);
  if (!session.ready)
    return (
      <Door title="Welcome">
        <p>
          Nobody has signed in yet. The bot printed a sign-in link when it started: open that link, and this
          workspace is yours.
        </p>
        <p className="mute">
          The link is used up? Restart the bot and it prints a new one, as long as nobody has signed in.
        </p>
      </Door>
    );
  return (
    <Door title="Sign in">
      {session.ways.length > 0 && (
        <div className="close wide-buttons">
          {session.ways.map((way) => (
            <OAuthButton
              key={way.id}
              way={way}
              label={`Sign in with ${way.name} (${way.host})`}
              purpose="sign-in"
              returnTo={safeReturn()}
              primary
            />
          ))}
        </div>
      )}
      <p className="mute">
        {session.ways.length > 0 ? "Or open" : "Open"} an invitation link that a maintainer made for you under
        Members.
      </p>
    </Door>
  );
};
