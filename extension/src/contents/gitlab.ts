import type { PlasmoCSConfig } from "plasmo";
import { start } from "../page/start.ts";
import { gitlab } from "../sites/gitlab.ts";

/** @public Read by the build. */
export const config: PlasmoCSConfig = { matches: ["https://gitlab.com/*"], run_at: "document_idle" };

start([gitlab]);
