import { randomUUID } from "node:crypto";

/** What `/api/bash/*` of the agent server answers. */
export interface ShellOutput {
  readonly kind: "BashOutput";
  readonly command_id: string;
  readonly order: number;
  readonly exit_code: number | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
}

/** The machine behind the server: commands and files outside of conversations. */
export interface Shell {
  execute(command: string, seconds: number): Promise<ShellOutput>;
  /** Gives the command's id. */
  start(command: string, seconds: number): string;
  /** Empty while the command runs. */
  outputs(id: string): readonly ShellOutput[];
  /** `form` is the multipart body. Gives the size. */
  upload(path: string, form: string): Promise<number>;
}

/** A machine without a disk: folders are only named, and clones are only said to be there. For agents that deliver by a platform's API. */
export const createPretendShell = (): Shell => {
  const output = (id: string, stdout: string): ShellOutput => ({
    kind: "BashOutput",
    command_id: id,
    order: 0,
    exit_code: 0,
    stdout,
    stderr: "",
  });
  return {
    async execute(command) {
      const folder = /'([0-9a-f-]{36})'/.exec(command)?.[1] ?? "work";
      return output(randomUUID(), `/home/agent/ask-openhands/${folder}\n`);
    },
    start: () => randomUUID(),
    outputs: (id) => [output(id, "")],
    upload: async (_, form) => form.length,
  };
};
