import { useEffect, useState } from "react";
import { askWorker } from "../client.ts";
import type { Overview, Pairing } from "../messages.ts";
import { Choice, Field, Notice, WebLink } from "./parts.tsx";
import { requestAccess } from "./request-access.ts";
import { byPerson, useAct } from "./use-act.ts";

interface Props {
  readonly overview: Overview;
  readonly show: (overview: Overview) => void;
}

const ends: Readonly<Record<"refused" | "expired", string>> = {
  refused: "The pairing was refused on the bot's page.",
  expired: "The code was not approved in time.",
};

const Waiting = ({
  pairing,
  show,
  refresh,
}: {
  readonly pairing: Pairing;
  readonly show: Props["show"];
  readonly refresh: () => void;
}) => {
  useEffect(() => {
    const timer = window.setInterval(refresh, pairing.interval * 1000);
    return () => window.clearInterval(timer);
  }, [pairing.interval, refresh]);
  return (
    <div className="close">
      <p>Approve this code on your bot's page:</p>
      <p className="code">{pairing.userCode}</p>
      <p className="row">
        <WebLink url={pairing.verificationUri}>Open the bot's page</WebLink>
        <button
          type="button"
          className="quiet"
          onClick={byPerson(async () => show(await askWorker("cancel-pairing", {})))}
        >
          Cancel
        </button>
      </p>
      <p className="mute small" role="status">
        Waiting for your approval…
      </p>
    </div>
  );
};

/** Pairing with a bot by a code (RFC 8628), and what is paired. */
export const ConnectBot = ({ overview, show }: Props) => {
  const { bot, pairing } = overview;
  const [address, setAddress] = useState(bot?.baseUrl ?? "");
  const { busy, problem, act } = useAct();
  const refresh = (): void => void askWorker("overview", {}).then(show);

  const pair = (): void =>
    void act("pair", async () => {
      await requestAccess(address);
      const started = await askWorker("start-pairing", { baseUrl: address });
      window.open(started.verificationUri, "_blank", "noopener");
      show(await askWorker("overview", {}));
    });

  if (bot !== undefined) {
    const choose = (workspace: string): void =>
      void act("workspace", async () => show(await askWorker("choose-workspace", { workspace })));
    const [workspace, others] = [overview.bot?.workspace ?? "", bot.workspaces];
    return (
      <section className="card">
        <h2>Your bot</h2>
        <dl className="facts">
          <dt>Address</dt>
          <dd>
            <WebLink url={bot.baseUrl}>{new URL(bot.baseUrl).host}</WebLink>
          </dd>
          <dt>You are</dt>
          <dd>{bot.person}</dd>
        </dl>
        {others.length > 1 && (
          <Choice
            label="Workspace"
            value={workspace}
            onChange={choose}
            options={others.map(({ id, name }) => [id, name] as const)}
          />
        )}
        {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
        <div className="row">
          <button
            type="button"
            className="danger"
            disabled={busy !== undefined}
            onClick={byPerson(() => void act("unpair", async () => show(await askWorker("unpair", {}))))}
          >
            Unpair
          </button>
        </div>
      </section>
    );
  }

  return (
    <section className="card">
      <div className="tight">
        <h2>Through your bot</h2>
        <p className="mute">The report appears on the issue, pull request or ticket, for everybody there.</p>
      </div>
      {pairing?.state === "waiting" ? (
        <Waiting pairing={pairing} show={show} refresh={refresh} />
      ) : (
        <form className="close" onSubmit={byPerson(pair)}>
          {(pairing?.state === "refused" || pairing?.state === "expired") && (
            <Notice tone="warn">{ends[pairing.state]}</Notice>
          )}
          <Field
            label="Address of the bot"
            value={address}
            onChange={setAddress}
            placeholder="https://bot.example.com"
            required
          />
          {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
          <div className="row">
            <button type="submit" className="primary" disabled={busy !== undefined}>
              {busy === undefined ? "Pair" : "Asking the bot…"}
            </button>
          </div>
        </form>
      )}
    </section>
  );
};
