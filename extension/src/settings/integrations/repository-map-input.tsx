import { useId, useRef, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { RichText } from "../parts/rich-text.tsx";
import { RepositoryInput } from "./repository-input.tsx";
import { type MapRow, readMap, troubleOf, writeMap } from "./repository-map.ts";

interface Props {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly wrong: string | undefined;
  readonly disabled: boolean;
}

interface KeyedRow extends MapRow {
  readonly key: number;
  /** Somebody has been in its second half. */
  readonly touched?: boolean;
}

let made = 0;
const keyed = (row: MapRow): KeyedRow => {
  made += 1;
  return { ...row, key: made };
};

const Row = ({
  row,
  change,
  remove,
}: {
  readonly row: KeyedRow;
  readonly change: (part: Partial<KeyedRow>) => void;
  readonly remove: () => void;
}) => {
  const id = useId();
  const trouble = troubleOf(row, row.touched === true);
  const called = row.room.trim() === "" ? "this row" : row.room.trim();
  return (
    <li className="map-row">
      <div className="tight">
        <input
          aria-label="Project or channel"
          aria-describedby={`${id}-room`}
          aria-invalid={trouble.room !== undefined || undefined}
          value={row.room}
          placeholder="ABC"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ room: event.target.value })}
        />
        <small id={`${id}-room`} className="wrong small" aria-live="polite">
          {trouble.room}
        </small>
      </div>
      <Icon name="next" />
      <div className="tight">
        <RepositoryInput
          label={`Repository of ${called}`}
          value={row.repository}
          onChange={(repository) => change({ repository, touched: false })}
          onLeave={() => change({ touched: true })}
          described={`${id}-repository`}
          isWrong={trouble.repository !== undefined}
        />
        <small id={`${id}-repository`} className="wrong small" aria-live="polite">
          {trouble.repository}
        </small>
      </div>
      <button type="button" className="quiet bare" aria-label={`Remove ${called}`} onClick={remove}>
        <Icon name="cross" />
      </button>
    </li>
  );
};

/** Which repository a project's tickets or a channel's messages mean: a row each. */
export const RepositoryMapInput = ({ name, label, help, value, onChange, wrong, disabled }: Props) => {
  const [rows, setRows] = useState<readonly KeyedRow[]>(() => readMap(value).map(keyed));
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  // Reset or saved from outside: what stands here is not what is meant any more.
  if (writeMap(rows) !== writeMap(readMap(value))) setRows(readMap(value).map(keyed));

  const put = (next: readonly KeyedRow[]): void => {
    setRows(next);
    if (writeMap(next) !== writeMap(rows)) onChange(writeMap(next));
  };
  const focusSoon = (choose: (inputs: readonly HTMLElement[]) => HTMLElement | undefined): void => {
    requestAnimationFrame(() => {
      const inputs = [...(list.current?.querySelectorAll<HTMLElement>("li > :first-child input") ?? [])];
      (choose(inputs) ?? document.getElementById(`${id}-add`))?.focus();
    });
  };
  const add = (): void => {
    put([...rows, keyed({ room: "", repository: "" })]);
    focusSoon((inputs) => inputs.at(-1));
  };
  const remove = (gone: KeyedRow): void => {
    const index = rows.indexOf(gone);
    put(rows.filter((row) => row !== gone));
    focusSoon((inputs) => inputs[Math.min(index, inputs.length - 1)]);
  };

  return (
    <fieldset className="field map" name={name} aria-describedby={`${id}-help ${id}-wrong`}>
      <legend>{label}</legend>
      <small id={`${id}-help`} className="mute small">
        <RichText text={help} />
      </small>
      {disabled ? (
        <ul className="tight">
          {rows.map(({ key, room, repository }) => (
            <li key={key}>
              <code>{room}</code> means <code>{repository}</code>
            </li>
          ))}
          {rows.length === 0 && <li className="mute">None</li>}
        </ul>
      ) : (
        <>
          <ul className="map-rows" ref={list}>
            {rows.map((row) => (
              <Row
                key={row.key}
                row={row}
                change={(part) => put(rows.map((one) => (one.key === row.key ? { ...one, ...part } : one)))}
                remove={() => remove(row)}
              />
            ))}
          </ul>
          <div className="row">
            <button type="button" id={`${id}-add`} onClick={add}>
              <Icon name="plus" />
              Add a row
            </button>
          </div>
        </>
      )}
      <small id={`${id}-wrong`} className="wrong small" aria-live="polite">
        {wrong}
      </small>
    </fieldset>
  );
};
