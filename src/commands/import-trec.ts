import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { collectTags, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

interface ImportTrecFlags extends OutputFlags {
  readonly qrels: string;
  readonly queries?: string;
  readonly suite?: string;
  readonly tag?: readonly string[];
  readonly config?: string;
}

const EXAMPLES = `
Examples:
  agentctl import trec run.trec --qrels qrels.tsv
  agentctl import trec run.bm25.trec --qrels qrels.tsv --queries queries.jsonl --tag bm25`;

/** Adds `import trec`, which takes a ranking of documents for each query and what is known of their relevance. */
export function addTrecImport(group: Command, io: CommandIo): void {
  const command = group
    .command("trec")
    .summary("store a retrieval run of TREC with its relevance judgements as a run")
    .description(
      "Stores a retrieval run of TREC as a run, one case for each judged query, and scores it as trec_eval -c does.",
    )
    .argument("<run>", "run: lines `query Q0 document rank score tag`")
    .requiredOption(
      "--qrels <file>",
      "judgements: lines `query iteration document grade`, or without iteration",
    )
    .option("--queries <file>", "texts of the queries: JSONL with id and text, or id, tab, text")
    .option("--suite <name>", "suite of the run, for its gates (default: import-trec)")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: ImportTrecFlags) => {
    const { importTrec } = await import("../eval/import/import-trec.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderSummary } = await import("../report/terminal.js");
    const { renderJson } = await import("../report/json.js");
    const report = await importTrec(file, flags, { workingDirectory: io.cwd, clock: systemClock });
    io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
  });
}
