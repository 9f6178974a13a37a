import { readHost } from "../../settings/read-field.ts";
import { requireHost } from "../approve-host.ts";
import { type ApiDeps, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";
import { requireCa } from "../require-ca.ts";
import { callbackUrl } from "../views/connection-view.ts";

type Names = "createManifest";

const hour = 3_600_000;

/** Where a server sends the person back after the app was made. */
export const manifestCallback = (publicUrl: string): string => `${publicUrl}/manifest/callback`;

export const createManifestHandlers = (deps: ApiDeps): Handlers<Names> => ({
  createManifest: async (call) => {
    const { workspace } = call.params;
    const { platform, organization } = call.body;
    const way = deps.platforms.get(platform)?.manifest;
    const kind = deps.catalog.find(
      (one) => one.platform === platform && one.ways?.includes("manifest") === true,
    );
    if (way === undefined || kind === undefined)
      throw problem(422, "Apps for this platform cannot be made from a manifest.");
    const usual = "usual" in kind.host ? kind.host.usual : undefined;
    const only = "only" in kind.host ? kind.host.only : undefined;
    const host = call.body.host === undefined ? (usual ?? only) : readHost(call.body.host);
    if (host === undefined) throw problem(400, "That is not a host; write it like git.example.com.");
    await requireHost(deps, workspace, personOf(call), host, {
      approve: call.body.approveHost === true,
      plainHttp: false,
    });
    const ca =
      call.body.ca === undefined
        ? undefined
        : requireCa(deps, { kind: "workspace", id: workspace }, host, call.body.ca);
    const state = await deps.people.oneTime.make(
      "manifest",
      {
        workspace,
        platform,
        host,
        person: personOf(call),
        session: call.actor?.session ?? "",
        ...(ca === undefined ? {} : { ca }),
      },
      hour,
    );
    const manifest = way.prepare({
      host,
      organization,
      name: call.body.name ?? "Ask OpenHands",
      publicUrl: deps.publicUrl,
      redirectUrl: manifestCallback(deps.publicUrl),
      callbackUrls: [callbackUrl(deps.publicUrl, platform, host)],
      state,
    });
    return {
      action: manifest.action,
      fields: { ...manifest.fields },
      ...(manifest.copy === undefined ? {} : { copy: manifest.copy }),
    };
  },
});
