import type { ReactNode } from "react";
import { askWorker } from "../client.ts";
import type { PlaceStatus } from "../messages.ts";
import { Chip, Notice, type Tone } from "./parts.tsx";
import { RunCard } from "./run-card.tsx";
import { byPerson, useAct } from "./use-act.ts";

const Section = ({
  title,
  chip,
  children,
}: {
  readonly title: string;
  readonly chip?: readonly [Tone, string] | undefined;
  readonly children: ReactNode;
}) => (
  <section className="close">
    <div className="row nowrap">
      <h2 className="grow">{title}</h2>
      {chip && <Chip tone={chip[0]}>{chip[1]}</Chip>}
    </div>
    {children}
  </section>
);

const asks: Readonly<Record<PlaceStatus["ask"]["may"], readonly [Tone, string, string]>> = {
  yes: ["good", "Yes", "You may ask here."],
  no: ["bad", "No", "You may not ask here."],
  "after-linking": ["warn", "After linking", "Link your account with the bot first."],
  unknown: ["plain", "Unknown", "It could not be found out whether you may ask here."],
};

const MayAsk = ({ status }: { readonly status: PlaceStatus }) => {
  const [tone, chip, words] = asks[status.ask.may];
  return (
    <Section title="May I ask here?" chip={[tone, chip]}>
      <p>{status.ask.why ?? words}</p>
      {status.ask.cure !== undefined && <p className="mute">{status.ask.cure}</p>}
    </Section>
  );
};

const scopeTone: Readonly<Record<"present" | "missing" | "unknown", readonly [Tone, string]>> = {
  present: ["good", "present"],
  missing: ["bad", "missing"],
  unknown: ["plain", "unknown"],
};

export const Scopes = ({ scopes }: { readonly scopes: NonNullable<PlaceStatus["connection"]>["scopes"] }) => (
  <ul className="tight" aria-label="Scopes">
    {scopes.map((scope) => (
      <li key={scope.name} className="row nowrap">
        <span className="grow">
          <code>{scope.name}</code> <span className="mute small">{scope.for}</span>
        </span>
        <Chip tone={scopeTone[scope.state][0]}>{scopeTone[scope.state][1]}</Chip>
      </li>
    ))}
  </ul>
);

const connectionChip = (ok: boolean | undefined): readonly [Tone, string] => {
  if (ok === undefined) return ["plain", "Not checked"];
  return ok ? ["good", "Connected"] : ["bad", "Problem"];
};

const Connection = ({ status }: { readonly status: PlaceStatus }) => {
  const { connection, identity } = status;
  if (connection === undefined) {
    return (
      <Section title="Connection" chip={["bad", "None"]}>
        <p>{status.problem ?? "This server is not connected."}</p>
        {status.cure !== undefined && <p className="mute">{status.cure}</p>}
      </Section>
    );
  }
  return (
    <Section title="Connection" chip={connectionChip(connection.ok)}>
      <dl className="facts">
        <dt>Through</dt>
        <dd>
          {connection.name} <span className="mute">({connection.kindName})</span>
        </dd>
        {connection.account !== undefined && (
          <>
            <dt>Account</dt>
            <dd>{connection.account}</dd>
          </>
        )}
        {identity !== undefined && (
          <>
            <dt>You are</dt>
            <dd>{identity.name}</dd>
          </>
        )}
      </dl>
      {connection.problem !== undefined && (
        <Notice tone="bad">
          {connection.problem} {connection.cure}
        </Notice>
      )}
      {connection.scopes.length > 0 && <Scopes scopes={connection.scopes} />}
    </Section>
  );
};

const hookWords: Readonly<Record<NonNullable<PlaceStatus["hook"]>["state"], readonly [Tone, string]>> = {
  installed: ["good", "Installed"],
  missing: ["warn", "Not installed"],
  failed: ["bad", "Failed"],
  disabled: ["bad", "Switched off"],
};

const Hook = ({
  hook,
  url,
  show,
}: {
  readonly hook: NonNullable<PlaceStatus["hook"]>;
  readonly url: string;
  readonly show: (status: PlaceStatus) => void;
}) => {
  const { busy, problem, act } = useAct();
  const again = hook.state === "failed" || hook.state === "disabled";
  const change = (): void =>
    void act("hook", async () =>
      show(await askWorker("install-hook", { url, action: again ? "repair" : "install" })),
    );
  const [idle, going] = again ? ["Reinstall", "Reinstalling…"] : ["Install", "Installing…"];
  return (
    <Section title="Webhook" chip={hookWords[hook.state]}>
      <p className="mute">{hook.name}</p>
      {hook.error !== undefined && <Notice tone="bad">{hook.error}</Notice>}
      {hook.lastDelivery !== undefined && <p className="small mute">Last delivery: {hook.lastDelivery}</p>}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {hook.state !== "installed" && hook.mayInstall && (
        <div className="row">
          <button type="button" disabled={busy !== undefined} onClick={byPerson(change)}>
            {busy === undefined ? idle : going}
          </button>
        </div>
      )}
      {hook.state !== "installed" && !hook.mayInstall && (
        <p className="small mute">{hook.missingRight ?? "A maintainer of the workspace can install it."}</p>
      )}
    </Section>
  );
};

export interface StatusViewProps {
  readonly status: PlaceStatus;
  readonly url: string;
  readonly show: (status: PlaceStatus) => void;
  readonly reload: () => void;
}

/** Integration status of one page: may I ask, connection, webhook, runs. */
export const StatusView = ({ status, url, show, reload }: StatusViewProps) => (
  <div className="stack">
    {status.mode === "none" ? (
      <Section title="Not connected" chip={["warn", "Set up"]}>
        <p>{status.problem}</p>
        <p className="mute">{status.cure}</p>
        <div className="row">
          <button
            type="button"
            className="primary"
            onClick={byPerson(() => void askWorker("open-setup", {}))}
          >
            Connect
          </button>
        </div>
      </Section>
    ) : (
      <>
        <MayAsk status={status} />
        <hr />
        <Connection status={status} />
        {status.hook !== undefined && (
          <>
            <hr />
            <Hook hook={status.hook} url={url} show={show} />
          </>
        )}
        <hr />
        <Section title="Runs here">
          {status.runs.length === 0 && <p className="mute">Nothing was asked here yet.</p>}
          {status.runs.map((run) => (
            <RunCard key={run.id} run={run} url={url} changed={reload} />
          ))}
        </Section>
      </>
    )}
  </div>
);
