import { figureRow, injectionOn, measureDetectors } from "./measure-detectors.js";

/** Prints the table of docs/guardrails.md. Argument: a JSONL file with `query`, for false alarms on texts of one's own. */
for (const figure of measureDetectors()) process.stdout.write(`${figureRow(figure)}\n`);
const own = process.argv[2] === undefined ? null : injectionOn(process.argv[2]);
if (own !== null) process.stdout.write(`${figureRow(own)}\n`);
