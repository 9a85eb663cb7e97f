import { definedByAgentctl } from "../../src/eval/score/list-metrics.js";
import { commandsPage } from "./commands-page.js";
import { configurationPage } from "./configuration-page.js";
import { metricsPage } from "./metrics-page.js";

/** Pages that are made from code: paths within docs/, and their texts. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["metrics.md", metricsPage(definedByAgentctl())],
    ["reference/commands.md", commandsPage()],
    ["reference/configuration.md", configurationPage()],
  ]);
}
