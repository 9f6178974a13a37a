import type { PlasmoCSConfig } from "plasmo";
import { start } from "../page/start.ts";
import { bitbucketCloud } from "../sites/bitbucket-cloud.ts";
import { bitbucketDataCenter } from "../sites/bitbucket-dc.ts";

/** @public Read by the build. */
export const config: PlasmoCSConfig = { matches: ["https://bitbucket.org/*"], run_at: "document_idle" };

start([bitbucketCloud, bitbucketDataCenter]);
