import { writeFile } from "node:fs/promises";
import { definedByAgentctl } from "../src/eval/score/list-metrics.js";
import { metricsPage } from "./metrics-page.js";

await writeFile(new URL("../docs/metrics.md", import.meta.url), metricsPage(definedByAgentctl()));
