import type { SettingView } from "@ask-openhands/core/api/types.ts";
import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import { type FormEvent, useState } from "react";
import { Chip } from "../../ui/parts.tsx";
import { problemOf, useAnswer, useChange } from "../api.ts";
import { wrongWith } from "../integrations/draft.ts";
import { FieldInput } from "../integrations/field-input.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { usePerson } from "../session/person.tsx";
import { groupSettings, sayChoice } from "./setting-groups.ts";

const formats = new Set([
  "text",
  "url",
  "host",
  "port",
  "whole-number",
  "money",
  "switch",
  "list",
  "repositories",
  "duration",
  "pem",
  "choice",
]);
type Format = Parameters<typeof FieldInput>[0]["field"]["format"];
const isFormat = (format: string): format is Format => formats.has(format);

const sources = {
  page: ["good", "set here"],
  environment: ["warn", "from the environment"],
  default: ["plain", "default"],
} as const;

const Setting = ({
  setting,
  value,
  onChange,
  reset,
  wrong,
  mayChange,
  nameOf,
}: {
  readonly setting: SettingView;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly reset: () => void;
  readonly wrong: string | undefined;
  readonly mayChange: boolean;
  readonly nameOf: ((choice: string) => string) | undefined;
}) => {
  const [tone, words] = sources[setting.source];
  return (
    <div className="setting">
      <FieldInput
        field={{
          ...setting,
          format: isFormat(setting.format) ? setting.format : "text",
          example: undefined,
        }}
        value={value}
        onChange={onChange}
        wrong={wrong}
        disabled={!mayChange}
        nameOf={nameOf}
      />
      <div className="row">
        {setting.source !== "default" && <Chip tone={tone}>{words}</Chip>}
        {mayChange && setting.source === "page" && (
          <button type="button" className="quiet" aria-label={`Reset ${setting.label}`} onClick={reset}>
            Reset
          </button>
        )}
      </div>
    </div>
  );
};

/** The default back end is a connection's id; people choose it by name. */
const useAgents = (): readonly (readonly [id: string, name: string])[] => {
  const { workspace } = usePerson();
  const connections = useAnswer("listConnections", { params: { workspace: workspace.id } });
  return (connections.data?.items ?? [])
    .filter(({ platform }) => platform === agentPlatform.id)
    .map(({ id, name }) => [id, name] as const);
};

/** How the bot behaves: what is typed is checked by the bot, and only what changed is sent. */
export const SettingsForm = ({ settings }: { readonly settings: readonly SettingView[] }) => {
  const { workspace, isMaintainer } = usePerson();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const save = useChange("changeSettings", "getSettings");
  const agents = useAgents();
  const problem = save.error === null ? undefined : problemOf(save.error);
  const params = { workspace: workspace.id };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ params, body: { values: typed } }, { onSuccess: () => setTyped({}) });
  };
  const reset = (key: string): void => {
    const { [key]: _gone, ...rest } = typed;
    save.mutate({ params, body: { values: { [key]: null } } }, { onSuccess: () => setTyped(rest) });
  };
  const nameOfAgent = (id: string): string => agents.find(([one]) => one === id)?.[1] ?? id;
  const withChoices = (setting: SettingView): SettingView =>
    setting.key === "defaultAgent"
      ? { ...setting, format: "choice", choices: agents.map(([id]) => id) }
      : setting;
  return (
    <form className="stack" aria-label="Settings of the workspace" onSubmit={submit}>
      {groupSettings(settings).map(({ title, items }) => (
        <section key={title} className="settings" aria-label={title}>
          <h3>{title}</h3>
          {items.map((setting) => (
            <Setting
              key={setting.key}
              setting={withChoices(setting)}
              value={typed[setting.key] ?? setting.value}
              onChange={(value) => setTyped({ ...typed, [setting.key]: value })}
              reset={() => reset(setting.key)}
              wrong={wrongWith(problem, setting.key)}
              mayChange={isMaintainer}
              nameOf={setting.key === "defaultAgent" ? nameOfAgent : (one) => sayChoice(setting.key, one)}
            />
          ))}
        </section>
      ))}
      <ProblemNotice cause={save.error} />
      {isMaintainer && (
        <div className="row sticky">
          <button
            type="submit"
            className="primary"
            disabled={save.isPending || Object.keys(typed).length === 0}
          >
            {save.isPending ? "Saving…" : "Save settings"}
          </button>
          <span className="mute small" role="status">
            {save.isSuccess && Object.keys(typed).length === 0 ? "Saved." : ""}
          </span>
        </div>
      )}
    </form>
  );
};
