import type { CatalogView, ConnectionView } from "@ask-openhands/core/api/types.ts";
import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import { useAnswer } from "../api.ts";
import { usePerson } from "../session/person.tsx";
import { holdsClient } from "./holds-client.ts";

export type PlatformView = CatalogView["platforms"][number];

/** True for OpenHands itself: where runs happen, not where they are asked for. */
export const isAgent = ({ id }: Pick<PlatformView, "id">): boolean => id === agentPlatform.id;

/** Connections of the workspace and of the person. */
export const useConnections = () => {
  const { workspace } = usePerson();
  return {
    shared: useAnswer("listConnections", { params: { workspace: workspace.id } }),
    own: useAnswer("listMyConnections", {}),
  };
};

/** Workspace connections through which people connect their own account with one click. */
export const oauthClients = (
  platform: PlatformView,
  connections: readonly ConnectionView[],
): readonly ConnectionView[] =>
  platform.oauth?.connects === true ? connections.filter((one) => one.active && holdsClient(one)) : [];
