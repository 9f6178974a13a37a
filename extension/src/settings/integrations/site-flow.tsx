import type { CredentialKindView, SiteView } from "@ask-openhands/core/api/types.ts";
import { useState } from "react";
import { Field, Notice } from "../../ui/parts.tsx";
import { client } from "../api.ts";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";
import { AddConnection } from "./add-connection.tsx";
import { LinkSite } from "./link-site.tsx";
import type { PlatformView } from "./use-platforms.ts";

const tones = { unknown: "plain", active: "good", inactive: "warn", linked: "good" } as const;

/** Presets the address of the site for every kind that takes it from a field. */
const presetFor = (
  kinds: readonly CredentialKindView[],
  typed: string,
  host: string,
): Record<string, string> =>
  Object.fromEntries(
    kinds.flatMap(({ host: from }) =>
      "from" in from ? [[from.from, /^https?:\/\//.test(typed) ? typed : `https://${host}`]] : [],
    ),
  );

const Next = ({
  site,
  typed,
  platform,
  kinds,
  close,
}: {
  readonly site: SiteView;
  readonly typed: string;
  readonly platform: PlatformView;
  readonly kinds: readonly CredentialKindView[];
  readonly close: (said?: string) => void;
}) => {
  const { isMaintainer } = usePerson();
  if (site.state === "active" && site.connection !== undefined)
    return <LinkSite connection={site.connection} />;
  if (site.state !== "unknown") return null;
  return isMaintainer ? (
    <AddConnection
      platform={platform}
      kinds={kinds}
      owner="workspace"
      preset={presetFor(kinds, typed, site.host)}
      close={close}
    />
  ) : (
    <p className="mute">Only maintainers set up a new site. Ask one of them.</p>
  );
};

/** One person sets a site up, others link themselves to it: the name decides which of the two comes next. */
export const SiteFlow = ({
  platform,
  kinds,
  close,
}: {
  readonly platform: PlatformView;
  readonly kinds: readonly CredentialKindView[];
  readonly close: (said?: string) => void;
}) => {
  const { workspace } = usePerson();
  const [name, setName] = useState("");
  const [site, setSite] = useState<SiteView | undefined>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const domain = kinds.find(({ siteDomain }) => siteDomain !== undefined)?.siteDomain;
  const look = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    setSite(undefined);
    try {
      setSite(
        await client.call("findSite", {
          params: { workspace: workspace.id, platform: platform.id },
          query: { name },
        }),
      );
    } catch (cause) {
      setProblem(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <form
        className="row bottom"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <div className="grow">
          <Field
            label={domain === undefined ? "Address of your server" : "Name of your site"}
            value={name}
            onChange={setName}
            placeholder={
              domain === undefined
                ? "https://tracker.example.com/path"
                : `yourcompany or yourcompany.${domain}`
            }
            required
          />
        </div>
        <button type="submit" className="primary" disabled={isBusy || name.trim() === ""}>
          {isBusy ? "Looking…" : "Continue"}
        </button>
      </form>
      <ProblemNotice cause={problem} />
      {site !== undefined && (
        <>
          <Notice tone={tones[site.state]}>{site.message}</Notice>
          <Next key={site.host} site={site} typed={name} platform={platform} kinds={kinds} close={close} />
        </>
      )}
    </div>
  );
};
