import { type Command, InvalidArgumentError } from "commander";
import { type ImportOutputFlags, printImported, withDatasetFlags, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const CSV_EXAMPLES = `
Examples:
  agentctl import csv tickets.csv --map id=ticket --map input=question --dataset golden.jsonl
  agentctl import csv results.csv --map id=ticket --map score.success=passed --tag candidate`;

const JSONL_EXAMPLES = `
Examples:
  agentctl import jsonl results.jsonl --map id=case.id --map "score.success=verdict=='good'"
  agentctl import jsonl results.jsonl --mapping mapping.yaml --tag candidate`;

const KEYS =
  "Keys of a case: id, input, expect.answer and the other keys of expect, tags, risk, group, split, environment. Keys " +
  "of what the agent did: output, score.success, score.<name>, trial, duration_ms, cost_usd, input_tokens, " +
  "output_tokens, error, started_at, retrieved. Expressions are JMESPath; a blank cell is missing, never 0.";

interface ImportTableFlags extends ImportOutputFlags {
  readonly map?: readonly string[];
  readonly mapping?: string;
  readonly delimiter?: string;
}

/** Adds `import csv` and `import jsonl`, which take any table and a mapping of its columns. */
export function addTableImports(group: Command, io: CommandIo): void {
  const csv = group
    .command("csv")
    .summary("turn a CSV file into a run or a golden set")
    .description(`Turns a CSV file with a header into a run or a golden set. ${KEYS}`)
    .argument("<file>", "CSV in UTF-8 with a header row");
  csv.option("--delimiter <character>", "character between cells, or `tab` (default: comma)", delimiterOf);
  withTableFlags(csv, io, "csv", CSV_EXAMPLES);
  const jsonl = group
    .command("jsonl")
    .summary("turn a JSONL file into a run or a golden set")
    .description(`Turns a file of JSON objects, one a line, into a run or a golden set. ${KEYS}`)
    .argument("<file>", "JSONL in UTF-8, one object a line");
  withTableFlags(jsonl, io, "jsonl", JSONL_EXAMPLES);
}

function withTableFlags(command: Command, io: CommandIo, format: "csv" | "jsonl", examples: string): void {
  command
    .option("--map <key=expression>", "what a key is filled with; repeatable", (text, previous) => [
      ...((previous as readonly string[] | undefined) ?? []),
      text,
    ])
    .option("--mapping <file>", "YAML file of keys and expressions; --map wins over it")
    .addHelpText("after", examples);
  withRunFlags(withDatasetFlags(command), format).action(async (file: string, flags: ImportTableFlags) => {
    const { importTable } = await import("../eval/import/import-table.js");
    const { systemClock } = await import("../core/clock.js");
    const services = { workingDirectory: io.cwd, clock: systemClock };
    await printImported(await importTable(format, file, flags, services), flags, io);
  });
}

/** Parses the character between cells. */
export function delimiterOf(text: string): string {
  if (text === "tab" || text === "\\t") return "\t";
  if ([...text].length !== 1) throw new InvalidArgumentError("expected one character, or `tab`.");
  return text;
}
