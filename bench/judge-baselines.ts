import { baselineRow, measureHaluEval, measureShipped, pairSentence } from "./measure-judge-baselines.js";

/** Prints the table of docs/rubrics.md. Argument: a folder that holds halueval-general/items.jsonl, which is not shipped. */
const folder = process.argv[2];
const own = folder === undefined ? [] : await measureHaluEval(folder);
for (const figure of [...own, ...(await measureShipped())]) {
  process.stdout.write(`${baselineRow(figure)}\n`);
  if (figure.report.lengthBias?.kind === "pairs") process.stdout.write(`${pairSentence(figure)}\n`);
  process.stderr.write(`${figure.set}, ${figure.baseline}: ${figure.report.reason}\n`);
}
if (own.length === 0)
  process.stderr.write("HaluEval was left out: name a folder with halueval-general/items.jsonl\n");
