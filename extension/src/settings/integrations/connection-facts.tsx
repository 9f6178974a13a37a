import type { ConnectionView, CredentialKindView, StatusView } from "@ask-openhands/core/api/types.ts";
import { Chip, type Tone, WebLink } from "../../ui/parts.tsx";
import { Moment } from "../parts/moment.tsx";

const states: Readonly<Record<StatusView["scopes"][number]["state"], readonly [Tone, string]>> = {
  present: ["good", "present"],
  missing: ["bad", "missing"],
  unknown: ["plain", "unknown"],
};

const Scopes = ({ scopes }: { readonly scopes: StatusView["scopes"] }) => {
  const missing = scopes.filter(({ state }) => state === "missing").length;
  const present = scopes.filter(({ state }) => state === "present").length;
  return (
    <details open={missing > 0}>
      <summary>
        Scopes{" "}
        <span className="mute small">
          {present} present{missing > 0 ? `, ${missing} missing` : ""}
          {present + missing < scopes.length ? `, ${scopes.length - present - missing} unknown` : ""}
        </span>
      </summary>
      <ul className="tight scopes">
        {scopes.map((scope) => (
          <li key={scope.name} className="row nowrap">
            <span className="grow">
              <code>{scope.name}</code> <span className="mute small">{scope.for}</span>
            </span>
            <Chip tone={states[scope.state][0]}>{states[scope.state][1]}</Chip>
          </li>
        ))}
      </ul>
    </details>
  );
};

/** Secrets that no form asks for: servers give them. */
const given: Readonly<Record<string, string>> = {
  accessToken: "Access token",
  refreshToken: "Refresh token",
};

/** Use of what the environment sets is remembered as long as the bot runs. */
const unused = ({ fixed }: Pick<ConnectionView, "fixed">): string =>
  fixed ? "Not since the bot started" : "Never";

const Account = ({ account }: { readonly account: NonNullable<StatusView["account"]> }) =>
  account.url === undefined ? account.name : <WebLink url={account.url}>{account.name}</WebLink>;

/** What is shown of the settings: those with a value, under the catalog's own labels. */
const Settings = ({
  connection,
  kind,
}: {
  readonly connection: ConnectionView;
  readonly kind: CredentialKindView;
}) =>
  kind.fields
    .filter(({ key, secret, fallback }) => {
      const value = connection.settings[key];
      return !secret && value !== undefined && value !== "" && value !== fallback;
    })
    .map(({ key, label }) => (
      <div key={key}>
        <dt>{label}</dt>
        <dd>{connection.settings[key]}</dd>
      </div>
    ));

/** Account, server, kind of token, expiry, last use, scopes. Never a value of a secret. */
export const ConnectionFacts = ({
  connection,
  kind,
}: {
  readonly connection: ConnectionView;
  readonly kind: CredentialKindView | undefined;
}) => {
  const { status } = connection;
  const labels = connection.secrets.map(
    ({ name }) => kind?.fields.find(({ key }) => key === name)?.label ?? given[name] ?? name,
  );
  return (
    <>
      <dl className="facts wide">
        {status?.account !== undefined && (
          <div>
            <dt>Account</dt>
            <dd>
              <Account account={status.account} />
            </dd>
          </div>
        )}
        <div>
          <dt>Server</dt>
          <dd>{connection.host}</dd>
        </div>
        {status !== undefined && (
          <div>
            <dt>Credentials</dt>
            <dd>{status.tokenKind}</dd>
          </div>
        )}
        {status?.expiresAt !== undefined && (
          <div>
            <dt>Expires</dt>
            <dd>
              <Moment at={status.expiresAt} />
            </dd>
          </div>
        )}
        <div>
          <dt>Last used</dt>
          <dd>
            {connection.lastUsedAt === undefined ? unused(connection) : <Moment at={connection.lastUsedAt} />}
          </dd>
        </div>
        {status !== undefined && (
          <div>
            <dt>Checked</dt>
            <dd>
              <Moment at={status.checkedAt} />
            </dd>
          </div>
        )}
        {connection.createdBy !== undefined && (
          <div>
            <dt>Set up by</dt>
            <dd>{connection.createdBy.name}</dd>
          </div>
        )}
        {connection.linkedAs !== undefined && (
          <div>
            <dt>You are</dt>
            <dd>{connection.linkedAs.name}</dd>
          </div>
        )}
        {kind !== undefined && <Settings connection={connection} kind={kind} />}
        {labels.length > 0 && (
          <div>
            <dt>Stored secrets</dt>
            <dd>{labels.join(", ")}</dd>
          </div>
        )}
      </dl>
      {status?.notes !== undefined && status.notes.length > 0 && (
        <ul className="tight notes">
          {status.notes.map((note) => (
            <li key={note} className="mute small">
              {note}
            </li>
          ))}
        </ul>
      )}
      {status !== undefined && status.scopes.length > 0 && <Scopes scopes={status.scopes} />}
    </>
  );
};
