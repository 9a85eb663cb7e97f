import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl metrics
  agentctl metrics --json | jq '.metrics[].name'`;

export function addMetricsCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("metrics")
    .summary("list the metrics that gates can use")
    .description(
      "Lists every metric: name, unit, direction, what it means, what it needs, where it comes from.",
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (flags: OutputFlags) => {
    const { metrics } = await import("../metrics/registry.js");
    const { renderMetricList, renderMetricListJson } = await import("../report/metric-list.js");
    io.print(flags.json === true ? renderMetricListJson(metrics) : renderMetricList(metrics, io));
  });
}
