import { writeFile } from "node:fs/promises";
import { metrics } from "../src/metrics/registry.js";
import { metricsPage } from "./metrics-page.js";

await writeFile(new URL("../docs/metrics.md", import.meta.url), metricsPage(metrics));
