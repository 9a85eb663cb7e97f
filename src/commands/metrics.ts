import type { Command } from "commander";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl metrics
  agentctl metrics --json | jq '.metrics[].name'`;

export function addMetricsCommand(program: Command, io: CommandIo): void {
  program
    .command("metrics")
    .summary("list the metrics that gates can use")
    .description(
      "Lists every metric: name, unit, direction, what it means, what it needs, where it comes from.",
    )
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLES)
    .action(async (flags: { json?: boolean }) => {
      const { metrics } = await import("../metrics/registry.js");
      const { renderMetricList, renderMetricListJson } = await import("../report/metric-list.js");
      io.print(flags.json === true ? renderMetricListJson(metrics) : renderMetricList(metrics, io));
    });
}
