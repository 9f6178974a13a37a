// The arrows of ARCHITECTURE.md: everything points to words; only the composition roots know names.

const source = "^(core|bot|extension)/src/";
const words = "^core/src/(work/|failure\\.ts$|agent/agent\\.ts$)";
const tests = "\\.test\\.tsx?$";
const sdks = "node_modules/(probot|@octokit|@slack|@gitbeaker|jira\\.js|openapi-fetch)/";

// The files of the bot that put the parts together, and may therefore know them all.
const compositionRoots = "^bot/src/(main\\.ts$|compose/|cli/)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    // --- core ---------------------------------------------------------------------------------------------------
    {
      name: "core-imports-only-zod",
      comment: "core runs in browsers and in Node: itself and zod, nothing else.",
      severity: "error",
      from: { path: "^core/src/", pathNot: tests },
      to: { pathNot: ["^core/src/", "node_modules/zod/"] },
    },
    {
      name: "words-import-words",
      comment: "core/work, failure.ts and the agent's port are the vocabulary: they know nothing else.",
      severity: "error",
      from: { path: words, pathNot: tests },
      to: { pathNot: words },
    },
    {
      name: "rules-are-pure",
      comment:
        "trigger, prompt, render and connection are rules over words: no formats, no HTTP, no agents, no zod.",
      severity: "error",
      from: { path: "^core/src/(trigger|prompt|render|connection)/", pathNot: tests },
      to: { pathNot: [words, "^core/src/(trigger|prompt|render|connection)/"] },
    },
    {
      name: "wire-is-a-leaf",
      comment: "Outside formats know neither HTTP nor agents nor our own API.",
      severity: "error",
      from: { path: "^core/src/wire/", pathNot: tests },
      to: { path: "^core/src/(http|agent|api)/" },
    },
    {
      name: "http-is-a-leaf",
      comment: "The HTTP client knows no formats, agents or platforms.",
      severity: "error",
      from: { path: "^core/src/http/", pathNot: tests },
      to: { path: "^core/src/(wire|agent|api|trigger|prompt|render|connection)/" },
    },

    // --- bot ----------------------------------------------------------------------------------------------------
    {
      name: "platform-knows-its-port",
      comment:
        "A platform is what we hear and what we can say: core, the port, the receive path and its own SDK; never the store, the engine, the API or people beyond their port.",
      severity: "error",
      from: { path: "^bot/src/platforms/[^/]+/", pathNot: tests },
      to: {
        path: "^bot/src/(?!platforms/|intake\\.ts$|intake/webhook\\.ts$|log\\.ts$|people/(connections|policy)\\.ts$)",
      },
    },
    {
      name: "platforms-are-strangers",
      comment: "Twin platforms share through functions beside the folders, never through each other.",
      severity: "error",
      from: { path: "^bot/src/platforms/([^/]+)/", pathNot: tests },
      to: { path: "^bot/src/platforms/[^/]+/", pathNot: "^bot/src/platforms/$1/" },
    },
    {
      name: "only-composition-knows-platform-names",
      comment: "No platform by name outside its folder, the registry and the composition roots.",
      severity: "error",
      from: {
        path: "^(bot|core|extension)/src/",
        pathNot: [tests, compositionRoots, "^bot/src/platforms/"],
      },
      to: { path: "^bot/src/platforms/(index\\.ts$|[^/]+/)" },
    },
    {
      name: "sdks-stay-in-platforms",
      comment: "An SDK of a platform is imported by platform folders only.",
      severity: "error",
      from: { path: source, pathNot: [tests, "^bot/src/platforms/", "^bot/src/cli/demo"] },
      to: { path: sdks },
    },
    {
      name: "engine-knows-ports",
      comment: "The engine sees platform, store and people through their ports.",
      severity: "error",
      from: { path: "^bot/src/engine/", pathNot: tests },
      to: {
        path: "^bot/src/(api/|cli/|main\\.ts$|server\\.ts$|platforms/(?!platform\\.ts$)|store/(?!store\\.ts$))",
      },
    },
    {
      name: "store-knows-words",
      comment: "The store keeps words; it runs nothing and says nothing.",
      severity: "error",
      from: { path: "^bot/src/store/", pathNot: tests },
      to: { path: "^bot/src/(engine|platforms|api|cli|people)/|^bot/src/(main|server|intake)\\.ts$" },
    },
    {
      name: "nothing-imports-main",
      severity: "error",
      from: { pathNot: [tests, "^bot/start\\.js$"] },
      to: { path: "^bot/src/main\\.ts$" },
    },

    // --- extension ----------------------------------------------------------------------------------------------
    {
      name: "pages-stay-light",
      comment:
        "What runs inside a stranger's page: sites, page, messages and the line to the background; nothing that holds a token.",
      severity: "error",
      from: { path: "^extension/src/(contents|sites|page)/", pathNot: tests },
      to: { path: "^extension/src/(?!contents/|sites/|page/|(messages|client)\\.ts$)" },
    },

    // --- between the packages -----------------------------------------------------------------------------------
    {
      name: "bot-and-extension-are-strangers",
      severity: "error",
      from: { path: "^(bot|extension)/src/" },
      to: { path: "^(bot|extension)/src/", pathNot: "^$1/src/" },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { path: source, pathNot: tests },
      to: { path: ["^test/", tests] },
    },

    // --- everywhere ---------------------------------------------------------------------------------------------
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-undeclared-package",
      comment: "Every package that is imported stands in the package.json of the importer.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-dev-package-in-source",
      comment: "What runs in production is a dependency, not a devDependency.",
      severity: "error",
      from: { path: source, pathNot: tests },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "node_modules/@types/",
      },
    },
  ],
  options: {
    combinedDependencies: false,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      conditionNames: ["import", "node", "types", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".tsx", ".d.ts", ".js", ".mjs", ".cjs", ".json"],
    },
    exclude: { path: "(^|/)(build|dist|\\.plasmo|artefacts)/" },
    tsConfig: { fileName: "tsconfig.base.json" },
    tsPreCompilationDeps: true,
  },
};
