import { writeSync } from "node:fs";
import { openJudgementStore } from "../judgement-store.js";
import { sampleLabel, sampleVerdict } from "./judgement-samples.js";

/** Child process of the tests of the judgement store: adds a label and a verdict each time and prints when they are stored. */
const [file = "", prefix = "", count = ""] = process.argv.slice(2);

const store = openJudgementStore(file);
for (let index = 0; index < Number(count); index += 1) {
  const id = `${prefix}-${index}`;
  store.addLabels([sampleLabel(id)]);
  store.addVerdicts([sampleVerdict(id)]);
  // Synchronous, so that an acknowledgement never waits in a buffer of this process.
  writeSync(1, `${id}\n`);
}
store.close();
