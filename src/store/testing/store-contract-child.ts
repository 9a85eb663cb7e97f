import { writeSync } from "node:fs";
import type { Store } from "../store.js";
import { sampleRow, sampleTrial } from "./store-samples.js";

/** Child process of the store contract: adds trials and prints the case id of each that was stored. */
const [childModule, childExport, location, runId, prefix, count] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

const loaded = (await import(childModule)) as Record<string, (location: string) => Store>;
const store = loaded[childExport]?.(location);
if (store === undefined) throw new Error(`${childModule} exports no ${childExport}`);
for (let index = 0; index < Number(count); index += 1) {
  const caseId = `${prefix}-${index}`;
  const trial = sampleTrial(caseId, 0);
  store.addTrial(runId, trial, sampleRow(trial, 1));
  // Synchronous, so that an acknowledgement never waits in a buffer of this process.
  writeSync(1, `${caseId}\n`);
}
store.close();
