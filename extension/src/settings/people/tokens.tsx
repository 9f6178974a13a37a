import type { PersonalTokenView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Chip, Choice, Field } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { CopyField } from "../parts/copy-field.tsx";
import { ConfirmButton } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";

const accesses = [
  ["read", "Read"],
  ["write", "Read and write"],
] as const;

const lengths = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["366", "A year"],
] as const;

const Token = ({ token }: { readonly token: PersonalTokenView }) => {
  const remove = useChange("deleteToken", "listTokens");
  return (
    <li className="line-item">
      <div className="tight grow">
        <p className="row">
          <strong>{token.name}</strong>
          <code className="small">…{token.ending}</code>
          <Chip tone="plain">{token.access === "write" ? "read and write" : "read"}</Chip>
        </p>
        <p className="mute small">
          Made <Moment at={token.createdAt} />
          {token.expiresAt !== undefined && (
            <>
              {" · ends "}
              <Moment at={token.expiresAt} />
            </>
          )}
          {" · "}
          {token.lastUsedAt === undefined ? (
            "not used yet"
          ) : (
            <>
              last used <Moment at={token.lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <ConfirmButton
        label="Revoke"
        accessibleName={`Revoke ${token.name}`}
        title={`Revoke ${token.name}?`}
        confirm="Revoke"
        busy="Revoking…"
        act={() => remove.mutateAsync({ params: { token: token.id } })}
      >
        <p>Scripts that use it are refused from now on.</p>
      </ConfirmButton>
    </li>
  );
};

/** Personal API tokens for scripts. */
export const Tokens = () => {
  const tokens = useAnswer("listTokens", {});
  const create = useChange("createToken", "listTokens");
  const [name, setName] = useState("");
  const [access, setAccess] = useState<"read" | "write">("read");
  const [days, setDays] = useState("90");
  return (
    <Card title="API tokens" intro="For scripts that call /api/v1 in your name.">
      <Answer of={tokens} label="tokens">
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="key" title="No tokens" />
          ) : (
            <ul className="lines">
              {items.map((token) => (
                <Token key={token.id} token={token} />
              ))}
            </ul>
          )
        }
      </Answer>
      {create.data !== undefined && (
        <div className="notice close" data-tone="good" role="status">
          <CopyField
            label={`Token ${create.data.token.name}`}
            value={create.data.value}
            help="Shown this once."
          />
        </div>
      )}
      <details>
        <summary>Make a token</summary>
        <form
          className="close"
          aria-label="Make a token"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ body: { name, access, days: Number(days) } }, { onSuccess: () => setName("") });
          }}
        >
          <div className="fields three">
            <Field label="Name" value={name} onChange={setName} placeholder="Nightly report" required />
            <Choice
              label="May"
              value={access}
              options={accesses}
              onChange={(value) => setAccess(value === "write" ? "write" : "read")}
            />
            <Choice label="Lasts" value={days} options={lengths} onChange={setDays} />
          </div>
          <ProblemNotice cause={create.error} />
          <div className="row">
            <button type="submit" className="primary" disabled={create.isPending}>
              {create.isPending ? "Making…" : "Make token"}
            </button>
          </div>
        </form>
      </details>
    </Card>
  );
};
