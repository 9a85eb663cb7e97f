import { type Command, InvalidArgumentError } from "commander";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, positiveInteger, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl runs trend task.success                 the latest run's suite, oldest run first
  agentctl runs trend latency.p95_ms --limit 20 -o trend.html
  agentctl runs trend task.success --by risk --json`;

interface TrendOptions extends OutputFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly by?: "risk" | "tag";
  readonly limit?: number;
  readonly baseline?: string;
  readonly output?: readonly string[];
}

export function addRunsTrend(runs: Command, io: CommandIo): void {
  const command = runs
    .command("trend")
    .description("Shows one metric over the stored runs of a suite, with intervals, baseline and gate.")
    .argument("<metric>", "name of a metric; `agentctl metrics` lists them")
    .option("--suite <name>", "runs of this suite (default: that of the latest run)")
    .option("--by <slicing>", "one trend for each risk or tag, too", slicing)
    .option("--limit <n>", "only the newest n runs", positiveInteger)
    .option("--baseline <tag>", "run that is marked (default: the newest one tagged main)")
    .option("-o, --output <file...>", "write the trend; format by extension: .html .json")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (metric: string, flags: TrendOptions) => {
    const { renderTrendJson, trendToFiles } = await import("../eval/compare/trend-to-files.js");
    const { renderTrend } = await import("../report/trend-text.js");
    const { report, written } = await trendToFiles(metric, flags, io.cwd);
    io.print(flags.json === true ? renderTrendJson(report) : renderTrend(report, io));
    const note = notesFor(flags, io);
    for (const file of written) note(`wrote ${file}`);
  });
}

function slicing(text: string): "risk" | "tag" {
  if (text === "risk" || text === "tag") return text;
  throw new InvalidArgumentError("expected risk or tag.");
}
