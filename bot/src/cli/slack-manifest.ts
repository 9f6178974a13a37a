import { parseArgs } from "node:util";
import { slackManifest } from "../platforms/slack/manifest.ts";

const usage =
  "Usage: slack:manifest [--url https://bot.example.com] [--name OpenHands]. Without --url (and without PUBLIC_URL) the app uses Socket Mode.";

const { values } = parseArgs({
  options: { url: { type: "string" }, name: { type: "string" }, help: { type: "boolean" } },
});

const url = values.url ?? (process.env["PUBLIC_URL"] || undefined);
if (values.help === true) {
  process.stdout.write(`${usage}\n`);
} else if (url !== undefined && !(URL.canParse(url) && new URL(url).protocol === "https:")) {
  process.stderr.write(`${url} is no https address: Slack delivers only to https. ${usage}\n`);
  process.exitCode = 1;
} else {
  const manifest = slackManifest({
    name: values.name ?? "OpenHands",
    ...(url === undefined ? {} : { publicUrl: url.replace(/\/+$/, "") }),
  });
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
}
