import type { SignInWayView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { client } from "../api.ts";
import { ProblemNotice } from "../parts/problem-notice.tsx";

interface Props {
  readonly way: Pick<SignInWayView, "id">;
  readonly label: string;
  readonly purpose: "sign-in" | "link" | "connect" | "install";
  readonly returnTo: string;
  readonly linkToken?: string | undefined;
  readonly invitation?: string | undefined;
  readonly primary?: boolean;
}

/** Goes to another server and comes back signed in there. */
export const OAuthButton = ({ way, label, purpose, returnTo, linkToken, invitation, primary }: Props) => {
  const [leaving, setLeaving] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const go = async (): Promise<void> => {
    setLeaving(true);
    setProblem(undefined);
    try {
      const { url } = await client.call("startOAuth", {
        body: { purpose, way: way.id, returnTo, linkToken, invitation },
      });
      window.location.assign(url);
    } catch (cause) {
      setProblem(cause);
      setLeaving(false);
    }
  };
  return (
    <>
      <button
        type="button"
        className={primary === true ? "primary" : undefined}
        disabled={leaving}
        onClick={() => void go()}
      >
        {leaving ? "Opening…" : label}
      </button>
      <ProblemNotice cause={problem} />
    </>
  );
};
