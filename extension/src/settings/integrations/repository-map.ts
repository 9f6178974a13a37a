/** One row of a map: what people call a project or channel, and the repository that it means. */
export interface MapRow {
  readonly room: string;
  readonly repository: string;
}

/** Rows of `ABC=owner/name,XYZ=host/owner/other`. What fits no row stands on its left side, so that it is seen and can be mended. */
export const readMap = (text: string): readonly MapRow[] =>
  text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => {
      const at = entry.indexOf("=");
      return at < 0
        ? { room: entry, repository: "" }
        : { room: entry.slice(0, at).trim(), repository: entry.slice(at + 1).trim() };
    });

/** The text that the bot keeps; rows in which nothing stands are left out. */
export const writeMap = (rows: readonly MapRow[]): string =>
  rows
    .map(({ room, repository }) => ({ room: room.trim(), repository: repository.trim() }))
    .filter(({ room, repository }) => room !== "" || repository !== "")
    .map(({ room, repository }) => `${room}=${repository}`)
    .join(",");

export interface RowTrouble {
  readonly room?: string | undefined;
  readonly repository?: string | undefined;
}

const roomTrouble = ({ room }: MapRow): string | undefined => {
  if (room.trim() === "") return "Which project or channel?";
  return /[\s=,]/.test(room.trim()) ? "A key has no spaces, commas or “=”." : undefined;
};

const repositoryTrouble = ({ repository }: MapRow): string | undefined => {
  if (repository.trim() === "") return "Which repository?";
  return /^[^\s=,/]+(\/[^\s=,/]+)+$/.test(repository.trim())
    ? undefined
    : "Write it as owner/name, or as server/owner/name.";
};

/** What is wrong with a row; nothing with one that is still empty. The repository is judged when somebody has left it: half a name is no mistake. */
export const troubleOf = (row: MapRow, touched: boolean): RowTrouble => {
  const isEmpty = row.room.trim() === "" && row.repository.trim() === "";
  if (isEmpty) return {};
  if (touched) return { room: roomTrouble(row), repository: repositoryTrouble(row) };
  return row.room.trim() === "" ? {} : { room: roomTrouble(row) };
};
