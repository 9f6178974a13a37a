import type { HookResourceView } from "@ask-openhands/core/api/types.ts";

export interface HookWork {
  readonly resource: string;
  readonly action: "install" | "repair" | "remove";
}

interface Labels {
  readonly idle: string;
  readonly busy: string;
}

const install: Labels = { idle: "Install", busy: "Installing…" };
const reinstall: Labels = { idle: "Reinstall", busy: "Reinstalling…" };

/** Install or Reinstall, and Remove. While one webhook is being changed all others wait. */
export const HookAction = ({
  resource,
  running,
  work,
}: {
  readonly resource: Pick<HookResourceView, "id" | "name" | "state">;
  readonly running: HookWork | undefined;
  readonly work: (work: HookWork) => void;
}) => {
  const { id, name, state } = resource;
  const labels = state === "missing" ? install : reinstall;
  const mine = running?.resource === id ? running.action : undefined;
  return (
    <div className="row">
      <button
        type="button"
        aria-label={`${mine === undefined || mine === "remove" ? labels.idle : labels.busy} webhook of ${name}`}
        disabled={running !== undefined || state === "installed"}
        onClick={() => work({ resource: id, action: state === "missing" ? "install" : "repair" })}
      >
        {mine === undefined || mine === "remove" ? labels.idle : labels.busy}
      </button>
      {state !== "missing" && (
        <button
          type="button"
          className="quiet"
          aria-label={`Remove webhook of ${name}`}
          disabled={running !== undefined}
          onClick={() => work({ resource: id, action: "remove" })}
        >
          {mine === "remove" ? "Removing…" : "Remove"}
        </button>
      )}
    </div>
  );
};
