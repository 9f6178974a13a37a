import { Choice, Field } from "../../ui/parts.tsx";
import { useAnswer } from "../api.ts";

export interface Filter {
  /** Key of `states`. */
  readonly state: string;
  readonly platform: string;
  readonly mine: boolean;
  readonly text: string;
}

export const noFilter: Filter = { state: "", platform: "", mine: false, text: "" };

const states: readonly (readonly [id: string, label: string])[] = [
  ["", "All"],
  ["queued,starting,working,waiting", "Going on"],
  ["waiting", "Waiting for an answer"],
  ["done", "Done"],
  ["failed", "Failed"],
  ["stopped", "Stopped"],
];

export const toQuery = ({ state, platform, mine, text }: Filter) => ({
  ...(state === "" ? {} : { state }),
  ...(platform === "" ? {} : { platform }),
  ...(mine ? { asker: "me" as const } : {}),
  ...(text.trim() === "" ? {} : { text: text.trim() }),
});

/** Which runs to show. */
export const Filters = ({
  filter,
  change,
}: {
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
}) => {
  const catalog = useAnswer("getCatalog", {});
  const platforms = [
    ["", "All"],
    ...(catalog.data?.platforms ?? []).map(({ id, name }) => [id, name] as const),
  ] as const;
  return (
    <search className="filters">
      <Field
        label="Find"
        value={filter.text}
        onChange={(text) => change({ ...filter, text })}
        placeholder="Title, repository or words of the ask"
      />
      <Choice
        label="State"
        value={filter.state}
        options={states}
        onChange={(state) => change({ ...filter, state })}
      />
      <Choice
        label="Asked in"
        value={filter.platform}
        options={platforms.map(([id, name]) => [id, name] as const)}
        onChange={(platform) => change({ ...filter, platform })}
      />
      <label className="row nowrap">
        <input
          type="checkbox"
          checked={filter.mine}
          onChange={(event) => change({ ...filter, mine: event.target.checked })}
        />
        Only mine
      </label>
    </search>
  );
};
