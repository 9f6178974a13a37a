import { Link } from "wouter";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { useTokenInAddress } from "./address.ts";
import { usePerson } from "./person.tsx";
import { Proof } from "./proof.tsx";

const Claim = ({ token }: { readonly token: string }) => {
  const { me } = usePerson();
  const link = useAnswer("describeLink", { body: { token } });
  const claim = useChange("linkAccount", "getMe", "listConnections");
  return (
    <Answer of={link} label="the link">
      {({ account }) => (
        <Card title={account === undefined ? "A link" : `${account.name} on ${account.host}`}>
          {claim.data?.linked === true ? (
            <>
              <p role="status">
                Done: {claim.data.link.accountName} on {claim.data.link.host} is you. A request that waits
                there goes on by itself; if an account on a code host is still missing, you are told there.
              </p>
              <p>
                <Link href="/account">See your accounts</Link>
              </p>
            </>
          ) : (
            <>
              <p>
                Link this {account?.platformName ?? ""} account to <strong>{me.name}</strong>? What it asks
                for then counts as asked by you.
              </p>
              <ProblemNotice cause={claim.error} />
              {claim.data?.linked === false && <Proof answer={claim.data} linkToken={token} />}
              {claim.data === undefined && (
                <div className="row">
                  <button
                    type="button"
                    className="primary"
                    disabled={claim.isPending}
                    onClick={() => claim.mutate({ body: { token } })}
                  >
                    {claim.isPending ? "Linking…" : "Yes, that is me"}
                  </button>
                </div>
              )}
            </>
          )}
        </Card>
      )}
    </Answer>
  );
};

/** Where the bot sends somebody who asked without a linked account. */
export const LinkPage = () => {
  const token = useTokenInAddress();
  return (
    <Page title="Link your account">
      {token.length < 20 ? (
        <Empty icon="question" title="This link is not whole">
          <p>Mention the bot again where you work: it answers with a new link.</p>
        </Empty>
      ) : (
        <Claim key={token} token={token} />
      )}
    </Page>
  );
};
