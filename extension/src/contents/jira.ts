import type { PlasmoCSConfig } from "plasmo";
import { start } from "../page/start.ts";
import { jiraCloud, jiraDataCenter } from "../sites/jira.ts";

/** @public Read by the build. */
export const config: PlasmoCSConfig = { matches: ["https://*.atlassian.net/*"], run_at: "document_idle" };

start([jiraCloud, jiraDataCenter]);
