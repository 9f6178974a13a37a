import { useState } from "react";
import { askWorker } from "../client.ts";
import type { Overview, TokenView } from "../messages.ts";
import { Chip, Choice, Field, Notice } from "./parts.tsx";
import { requestAccess } from "./request-access.ts";
import { Scopes } from "./status-view.tsx";
import { byPerson, useAct } from "./use-act.ts";

interface Kind {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Servers that a check asks. */
  readonly asks: (host: string) => readonly string[];
  readonly email: boolean;
  readonly help: string;
}

const kinds: readonly Kind[] = [
  {
    id: "github",
    name: "GitHub",
    host: "github.com",
    asks: (host) => (host === "github.com" ? ["https://api.github.com"] : [host]),
    email: false,
    help: "Personal access token: classic with `repo`, or fine-grained with contents and pull requests: write.",
  },
  {
    id: "gitlab",
    name: "GitLab",
    host: "gitlab.com",
    asks: (host) => [host],
    email: false,
    help: "Token with `api`, or `read_repository` and `write_repository` to push only.",
  },
  {
    id: "bitbucket-cloud",
    name: "Bitbucket Cloud",
    host: "bitbucket.org",
    asks: () => ["https://api.bitbucket.org"],
    email: true,
    help: "API token with repository and pull request write. The e-mail stays empty for a repository or workspace access token.",
  },
  {
    id: "bitbucket-dc",
    name: "Bitbucket Data Center",
    host: "",
    asks: (host) => [host],
    email: false,
    help: "HTTP access token with repository write.",
  },
  {
    id: "jira-cloud",
    name: "Jira Cloud",
    host: "",
    asks: (host) => [host, "https://api.atlassian.com"],
    email: true,
    help: "API token of your Atlassian account.",
  },
  {
    id: "jira-dc",
    name: "Jira Data Center",
    host: "",
    asks: (host) => [host],
    email: false,
    help: "Personal access token.",
  },
];

const Token = ({
  token,
  act,
  show,
}: {
  readonly token: TokenView;
  readonly act: (name: string, work: () => Promise<unknown>) => void;
  readonly show: (overview: Overview) => void;
}) => (
  <li className="close">
    <div className="row nowrap">
      <p className="grow clip">
        <strong>{token.platformName}</strong> <span className="mute">{token.host}</span>
        {token.account === undefined ? "" : ` as ${token.account}`}
      </p>
      <Chip tone={token.ok ? "good" : "bad"}>{token.ok ? "Valid" : "Problem"}</Chip>
    </div>
    {token.problem !== undefined && <Notice tone="bad">{token.problem}</Notice>}
    {token.expiresAt !== undefined && <p className="small mute">Ends on {token.expiresAt.slice(0, 10)}</p>}
    {token.scopes.length > 0 && (
      <details>
        <summary className="small">Scopes</summary>
        <Scopes scopes={[...token.scopes].map((scope) => ({ ...scope }))} />
      </details>
    )}
    <div className="row">
      <button
        type="button"
        onClick={byPerson(() =>
          act("check", async () => show(await askWorker("check-token", { id: token.id }))),
        )}
      >
        Check again
      </button>
      <button
        type="button"
        className="danger"
        onClick={byPerson(() =>
          act("remove", async () => show(await askWorker("remove-token", { id: token.id }))),
        )}
      >
        Remove
      </button>
    </div>
  </li>
);

/** The person's own tokens; given to the agent when an ask goes straight to OpenHands. */
export const Tokens = ({
  overview,
  show,
}: {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}) => {
  const [id, setId] = useState(kinds[0]?.id ?? "github");
  const kind = kinds.find((known) => known.id === id) ?? kinds[0];
  const [host, setHost] = useState("github.com");
  const [email, setEmail] = useState("");
  const [token, setToken] = useState("");
  const { busy, problem, act } = useAct();
  if (kind === undefined) return null;

  const choose = (next: string): void => {
    setId(next);
    setHost(kinds.find((known) => known.id === next)?.host ?? "");
  };

  const save = (): void =>
    void act("save", async () => {
      await requestAccess(...kind.asks(host));
      show(await askWorker("save-token", { kind: id, host, token, ...(email !== "" && { email }) }));
      setToken("");
    });

  return (
    <section className="card">
      <div className="tight">
        <h2>Your tokens</h2>
        <p className="mute">
          The agent gets the one for the page's server when you ask without a bot. They never leave this
          browser otherwise and are never shown again.
        </p>
      </div>
      {overview.tokens.length > 0 && (
        <ul className="stack">
          {overview.tokens.map((known) => (
            <Token key={known.id} token={known} act={(name, work) => void act(name, work)} show={show} />
          ))}
        </ul>
      )}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      <details>
        <summary>Add a token</summary>
        <form className="close" onSubmit={byPerson(save)}>
          <Choice
            label="Server"
            value={id}
            options={kinds.map((known) => [known.id, known.name] as const)}
            onChange={choose}
          />
          <Field
            label="Host"
            value={host}
            onChange={setHost}
            placeholder={kind.id === "jira-cloud" ? "yourcompany.atlassian.net" : "git.example.com"}
            required
          />
          {kind.email && (
            <Field label="E-mail of the account" type="email" value={email} onChange={setEmail} />
          )}
          <Field label="Token" type="password" value={token} onChange={setToken} help={kind.help} required />
          <div className="row">
            <button type="submit" className="primary" disabled={busy !== undefined}>
              {busy === "save" ? "Checking…" : "Check and save"}
            </button>
          </div>
        </form>
      </details>
    </section>
  );
};
