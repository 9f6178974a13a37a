import type { PlasmoCSConfig } from "plasmo";
import { start } from "../page/start.ts";
import { github } from "../sites/github.ts";

/** @public Read by the build. */
export const config: PlasmoCSConfig = { matches: ["https://github.com/*"], run_at: "document_idle" };

start([github]);
