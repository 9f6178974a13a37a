import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { marked } from "marked";
import { chromium } from "playwright-core";
import { subject as github } from "../../contracts/subjects/github.ts";
import { startFlow } from "../../flows/flow.ts";

/** Pictures of the report for README: what the running bot really posted on the fake GitHub, as GitHub-flavoured markdown shows it. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../docs/images");
mkdirSync(folder, { recursive: true });

const style = `
  :root { color-scheme: light dark; --text: light-dark(#1f2328, #f0f6fc); --back: light-dark(#fff, #0d1117); --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --link: light-dark(#0969da, #4493f8); }
  body { margin: 0; padding: 24px; width: 712px; font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
  article { border: 1px solid var(--line); border-radius: 6px; margin-bottom: 16px; overflow: hidden; }
  header { padding: 8px 16px; background: var(--soft); border-bottom: 1px solid var(--line); font-weight: 600; }
  section { padding: 12px 16px; }
  section > :first-child { margin-top: 0; }
  section > :last-child { margin-bottom: 0; }
  a { color: var(--link); }
  code { padding: 2px 5px; border-radius: 6px; background: var(--soft); font-size: 85%; }
  ul:has(input) { list-style: none; padding-left: 4px; }
`;

const page = (posts: readonly { readonly by: string; readonly text: string }[]): string => {
  const articles = posts.map(
    ({ by, text }) =>
      `<article><header>${by}</header><section>${marked.parse(text, { async: false })}</section></article>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Report</title><style>${style}</style>${articles.join("")}`;
};

const flow = await startFlow({
  subject: github,
  script: () => [
    {
      do: "tasks",
      tasks: [
        { title: "Reproduce the time-out", status: "done" },
        { title: "Stream the upload in parts", status: "in_progress" },
        { title: "Add a test", status: "todo" },
      ],
    },
    { do: "terminal", command: "npm test -- upload", summary: "Run the upload tests", output: "1 failed" },
    { do: "edit", path: "src/upload.ts", text: "…", summary: "Send the file in parts of 8 MB" },
    { do: "wait", milliseconds: 60_000 },
    { do: "finish", message: "Large files are sent in parts now." },
  ],
});
try {
  const issue = await flow.open("Uploading a file larger than 100 MB ends with a time-out.");
  await flow.ask(issue, "@openhands please fix this, with a test.");
  await flow.waitFor(issue, "Send the file in parts");
  const posts = flow.world.said(issue).map(({ author, text }) => ({ by: author.name, text }));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  for (const colorScheme of ["light", "dark"] as const) {
    const sheet = await browser.newPage({ colorScheme, viewport: { width: 760, height: 200 } });
    await sheet.setContent(page(posts));
    await sheet.screenshot({ path: join(folder, `report-${colorScheme}.png`), fullPage: true });
    process.stdout.write(`docs/images/report-${colorScheme}.png\n`);
  }
  await browser.close();
} finally {
  await flow.end();
}
