// What really ends up in a stranger's page: type-only imports are gone by then, so they do not count here.
const { options } = require("./.dependency-cruiser.cjs");

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "pages-without-zod",
      comment: "zod costs half a megabyte per page: zod-free core only.",
      severity: "error",
      from: { path: "^extension/src/(contents|sites|page)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "node_modules/zod/", reachable: true },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
