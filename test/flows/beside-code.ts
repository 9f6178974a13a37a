import type { PlatformWorld } from "../contracts/platform-subject.ts";
import { subject as codeHost } from "../contracts/subjects/github.ts";
import type { FlowOptions } from "./flow.ts";

export interface BesideCode {
  readonly code: PlatformWorld;
  /** The code host's repository as the default of the room, whose people may ask without a link. */
  readonly options: Pick<FlowOptions, "also" | "settings">;
  close(): Promise<void>;
}

/** A code host beside a world of chat or tickets, where the work of that world lands. `open`: people there may ask without a link. `withDefault`: the room has the repository as its own. */
export const besideCode = async (
  world: PlatformWorld,
  open = true,
  withDefault = true,
): Promise<BesideCode> => {
  const code = await codeHost.start();
  const [connection] = code.connections;
  if (connection === undefined) throw new Error("the code host has no connection");
  const room = `${world.room}=${code.repository}`;
  const hosts = world.connections
    .flatMap((seeded) => Object.values(seeded.connection.settings))
    .flatMap((value) => (URL.canParse(value) ? [new URL(value).host] : []));
  return {
    code,
    options: {
      also: [connection],
      settings: {
        allowedHosts: hosts,
        workspace: {
          ...(withDefault ? { defaultRepositories: room } : {}),
          ...(open ? { openChannels: room } : {}),
        },
      },
    },
    close: () => code.close(),
  };
};
