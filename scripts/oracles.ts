import { readFileSync } from "node:fs";
import { missesOf } from "../test/oracles/check-vector.js";
import type { Vector } from "../test/oracles/vector.js";

const files = process.argv.slice(2);
if (files.length === 0) {
  files.push("test/oracles/statistics.json", "test/oracles/judge-statistics.json");
}

let passed = 0;
let failed = 0;
for (const file of files) {
  const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] };
  for (const vector of vectors) {
    const misses = missesOf(vector);
    if (misses.length === 0) passed += 1;
    else {
      failed += 1;
      console.log(`${vector.id} (${vector.fn})\n  ${misses.join("\n  ")}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
