import type { ManifestWay } from "../connect-way.ts";
import { slackManifest } from "./manifest.ts";

/**
 * The page on which Slack makes an app from our manifest (https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests/#sharing).
 * Slack hands no keys over, so the person copies them; and it delivers to public addresses under https only, so without one the app is made for Socket Mode.
 */
export const slackManifestWay: ManifestWay = {
  prepare: ({ name, publicUrl }) => {
    const facts = publicUrl.startsWith("https://") ? { name, publicUrl } : { name };
    const copy = JSON.stringify(slackManifest(facts), null, 2);
    const query = new URLSearchParams({ new_app: "1", manifest_json: copy });
    return { action: `https://api.slack.com/apps?${query}`, fields: {}, copy };
  },
};
