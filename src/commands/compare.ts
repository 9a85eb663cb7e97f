import { type Command, InvalidArgumentError } from "commander";
import type { CommandIo } from "./io.js";
import { collect, notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl compare main latest                     the latest run against the run tagged main
  agentctl compare main latest --by tag --json     slices by tag; one JSON document on stdout
  agentctl compare v1 v2 v3 -o cmp.html -o cmp.md  two candidates against v1, as reports

Exit codes: 0 compared, whatever came out; 2 wrong runs, flags or files.`;

const SLICINGS = ["risk", "tag", "split", "group"] as const;
type Slicing = (typeof SLICINGS)[number];

interface CompareOptions extends OutputFlags {
  readonly config?: string;
  readonly metric?: string;
  readonly by?: readonly Slicing[];
  readonly level?: number;
  readonly output?: readonly string[];
  readonly force?: boolean;
  readonly reason?: string;
}

export function addCompareCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("compare")
    .summary("tell whether runs differ, and in what")
    .description(
      "Compares stored runs with the first of them: every metric with the test that its design wants, in words.",
    )
    .argument("<baseline>", "run id, its beginning, a tag, or `latest`")
    .argument("<candidate...>", "one or more runs to hold against it")
    .option("--metric <name>", "metric that the comparison is about (default: task.success)")
    .option(
      "--by <slicing>",
      "slices: risk, tag, split, group; repeatable (default: risk,tag,split)",
      slicings,
    )
    .option("--level <level>", "confidence level of intervals and verdicts (default: 0.95)", confidence)
    .option("--force", "compare runs that are unlike; wants --reason")
    .option("--reason <text>", "why; the comparison shows it")
    .option("-o, --output <file...>", "write a report; format by extension: .html .md .json")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (baseline: string, candidates: readonly string[], flags: CompareOptions) => {
      const { compareToFiles } = await import("../eval/compare/compare-to-files.js");
      const { renderComparison } = await import("../report/comparison/comparison-text.js");
      const { renderComparisonJson } = await import("../report/comparison/comparison-json.js");
      const { report, written } = await compareToFiles([baseline, ...candidates], flags, io.cwd, io.env);
      io.print(flags.json === true ? renderComparisonJson(report) : renderComparison(report, io));
      const note = notesFor(flags, io);
      for (const file of written) note(`wrote ${file}`);
    },
  );
}

function slicings(text: string, previous: readonly Slicing[] | undefined): readonly Slicing[] {
  const names = collect(text, previous);
  const found = names.flatMap((name) => SLICINGS.filter((one) => one === name));
  if (found.length === 0 || found.length < names.length) {
    throw new InvalidArgumentError(`expected ${SLICINGS.join(", ")}.`);
  }
  return found;
}

/** Parses a confidence level. Below one half no interval tells anything. */
function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0.5 && value < 1)) {
    throw new InvalidArgumentError("expected a number from 0.5 to below 1, e.g. 0.95.");
  }
  return value;
}
