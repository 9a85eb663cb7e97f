import type { Command } from "commander";
import { addBfclImport } from "./import-bfcl.js";
import { addInspectImport } from "./import-inspect.js";
import { addLabelImport } from "./import-labels.js";
import { addLiveImport } from "./import-live.js";
import { addOpenaiEvalsImport } from "./import-openai-evals.js";
import { addOtlpImport } from "./import-otlp.js";
import { addPromptfooImport } from "./import-promptfoo.js";
import { addTableImports } from "./import-table.js";
import { addTauImports } from "./import-tau.js";
import { addTrecImport } from "./import-trec.js";
import { addVerdictImport } from "./import-verdicts.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import tau results.jsonl --domain airline
  agentctl import tau2 results.json --tag gpt-4.1
  agentctl import promptfoo results.json
  agentctl import csv tickets.csv --map id=ticket --map input=question --dataset golden.jsonl`;

export function addImportCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("import")
    .summary("turn results of other tools into runs")
    .description(
      "Turns results of other tools into runs that can be compared, gated, traced and reported, and adds labels and verdicts.",
    )
    .addHelpText("after", EXAMPLES);
  addBfclImport(group, io);
  addInspectImport(group, io);
  addLabelImport(group, io);
  addOpenaiEvalsImport(group, io);
  addLiveImport(group, io);
  addOtlpImport(group, io);
  addPromptfooImport(group, io);
  addTableImports(group, io);
  addTauImports(group, io);
  addTrecImport(group, io);
  addVerdictImport(group, io);
}
