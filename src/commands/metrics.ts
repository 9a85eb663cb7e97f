import { type Command, Option } from "commander";
import type { MetricLayer } from "../core/score.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const LAYERS = ["agent", "retrieval", "generation", "operations", "safety"];

const EXAMPLES = `
Examples:
  agentctl metrics --layer retrieval
  agentctl metrics --json | jq '.metrics[].name'
  agentctl metrics show faithfulness`;

interface ProjectFlags extends OutputFlags {
  readonly config?: string;
}

export function addMetricsCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("metrics")
    .summary("list the metrics that gates can use, or define one")
    .description(
      "Lists every metric, the project's own included: name, when a run has it, unit, direction, what it means.",
    )
    .addOption(new Option("--layer <layer>", "only metrics of this layer").choices(LAYERS))
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(group)).action(
    async (flags: ProjectFlags & { readonly layer?: MetricLayer }) => {
      const { listMetrics, metricsOfLayer } = await import("../eval/score/list-metrics.js");
      const { renderMetricList, renderMetricListJson } = await import("../report/metric-list.js");
      const listed = metricsOfLayer(await listMetrics(flags.config, io.cwd), flags.layer);
      io.print(flags.json === true ? renderMetricListJson(listed) : renderMetricList(listed, io));
    },
  );
  addShow(group, io);
}

function addShow(group: Command, io: CommandIo): void {
  const command = group
    .command("show")
    .summary("print the definition of one metric")
    .description(
      "Prints what a metric means, its range, what it needs, its rules for what is empty, for refusals and for " +
        "unsupported claims, which tools agree with it, its source, and how its interval is computed.",
    )
    .argument("<name>", "name of a metric")
    .addHelpText(
      "after",
      "\nExamples:\n  agentctl metrics show retrieval.ndcg_at_10\n  agentctl metrics show judge.faithfulness --json",
    );
  withOutputFlags(withConfigFlag(command)).action(
    async (name: string, _flags: ProjectFlags, self: Command) => {
      // Flags that the group has too are kept by the group.
      const flags = self.optsWithGlobals<ProjectFlags>();
      const { listMetrics, metricNamed } = await import("../eval/score/list-metrics.js");
      const { renderMetric, renderMetricJson } = await import("../report/metric-list.js");
      const metric = metricNamed(await listMetrics(flags.config, io.cwd), name);
      io.print(flags.json === true ? renderMetricJson(metric) : renderMetric(metric, io));
    },
  );
}
