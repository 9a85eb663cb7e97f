import { figureRow, injectionOn, measureDetectors, precisionRows } from "./measure-detectors.js";

/** Prints the tables of docs/guardrails.md. Argument: a JSONL file with `query`, for false alarms on texts of one's own. */
const figures = measureDetectors();
for (const row of [...figures.map(figureRow), ...precisionRows(figures)]) process.stdout.write(`${row}\n`);
const own = process.argv[2] === undefined ? null : injectionOn(process.argv[2]);
if (own !== null) process.stdout.write(`${figureRow(own)}\n`);
