import { useState } from "react";
import { Link } from "wouter";
import { Field, Notice } from "../../ui/parts.tsx";
import { useAnswer, useChange } from "../api.ts";
import { Answer } from "../parts/answer.tsx";
import { Moment } from "../parts/moment.tsx";
import { Card, Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { tokenInAddress, useTokenInAddress } from "./address.ts";
import { usePerson } from "./person.tsx";

const isCode = (text: string): boolean => /^[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}$/.test(text.trim());

const Decision = ({ code, again }: { readonly code: string; readonly again: () => void }) => {
  const { me } = usePerson();
  const pairing = useAnswer("getPairing", { params: { code } });
  const decide = useChange("decidePairing", "listDevices");
  const [approved, setApproved] = useState(false);
  if (decide.isSuccess)
    return (
      <div className="close">
        <Notice tone={approved ? "good" : "warn"}>
          {approved
            ? "Approved. The extension notices it by itself in a few seconds."
            : "Refused. The device got nothing."}
        </Notice>
        <p>
          <Link href="/devices">See your devices</Link>
        </p>
      </div>
    );
  const answer = (approve: boolean): void => {
    setApproved(approve);
    decide.mutate({ params: { code }, body: { approve } });
  };
  return (
    <>
      <Answer of={pairing} label="the device">
        {(device) => (
          <>
            <p className="code">{code.toUpperCase()}</p>
            <dl className="facts">
              <dt>Device</dt>
              <dd>{device.name}</dd>
              {device.from !== undefined && (
                <>
                  <dt>From</dt>
                  <dd>{device.from}</dd>
                </>
              )}
              <dt>Ends</dt>
              <dd>
                <Moment at={device.expiresAt} />
              </dd>
            </dl>
            <p>
              Approve only if your own browser shows this code right now. It may then ask as{" "}
              <strong>{me.name}</strong>.
            </p>
            <ProblemNotice cause={decide.error} />
            <div className="row">
              <button
                type="button"
                className="primary"
                disabled={decide.isPending}
                onClick={() => answer(true)}
              >
                Approve
              </button>
              <button type="button" disabled={decide.isPending} onClick={() => answer(false)}>
                Refuse
              </button>
            </div>
          </>
        )}
      </Answer>
      {pairing.isError && (
        <div className="row">
          <button type="button" onClick={again}>
            Enter another code
          </button>
        </div>
      )}
    </>
  );
};

/** Asks for the code that a device shows, and decides. */
export const PairForm = () => {
  const [typed, setTyped] = useState(tokenInAddress);
  const [code, setCode] = useState(() => (isCode(typed) ? typed.trim() : undefined));
  const [isWrong, setWrong] = useState(false);
  if (code !== undefined) return <Decision code={code} again={() => setCode(undefined)} />;
  return (
    <form
      className="close"
      onSubmit={(event) => {
        event.preventDefault();
        if (isCode(typed)) setCode(typed.trim());
        setWrong(!isCode(typed));
      }}
    >
      <Field
        label="Code that the extension shows"
        value={typed}
        onChange={setTyped}
        placeholder="ABCD-EFGH"
        required
      />
      {isWrong && <Notice tone="bad">A code has eight letters or digits, like ABCD-EFGH.</Notice>}
      <div className="row">
        <button type="submit" className="primary">
          Continue
        </button>
      </div>
    </form>
  );
};

/** Approval of a device, opened from the extension. */
export const PairPage = () => (
  <Page title="Pair a device">
    <Card title="A browser wants to ask in your name">
      <PairForm key={useTokenInAddress()} />
    </Card>
  </Page>
);
