import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { renderEnvExample } from "../settings/env-example.ts";

process.stdout.write(renderEnvExample(catalog));
