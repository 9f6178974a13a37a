import type { LinkAnswer } from "@ask-openhands/core/api/types.ts";
import { CopyField } from "../parts/copy-field.tsx";
import { safeReturn } from "./address.ts";
import { OAuthButton } from "./oauth-button.tsx";

/** How to prove that an account is one's own: sign in there, or write a code as a comment. */
export const Proof = ({
  answer,
  linkToken,
}: {
  readonly answer: Extract<LinkAnswer, { readonly linked: false }>;
  readonly linkToken?: string | undefined;
}) => (
  <div className="close" role="status">
    <p>{answer.why}</p>
    {answer.ways.length > 0 && (
      <div className="row">
        {answer.ways.map((way) => (
          <OAuthButton
            key={way.id}
            way={way}
            label={`Prove it with ${way.name}`}
            purpose="link"
            returnTo={linkToken === undefined ? safeReturn() : "/account"}
            linkToken={linkToken}
            primary
          />
        ))}
      </div>
    )}
    {answer.code !== undefined && (
      <CopyField
        label="Comment to write there"
        value={answer.code}
        help="On any issue, ticket or pull request that the bot hears, within fifteen minutes. Whoever writes it has the account; delete it afterwards."
      />
    )}
  </div>
);
