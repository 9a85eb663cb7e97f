/**
 * Compares our tools with recorded answers of the original ones:
 * `npm run conformance -- tau-airline datasets/tau-airline/conformance.jsonl`
 * Exit code 0: all equal; 1: some differ; 2: wrong usage or file.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentctlError } from "../src/core/errors.js";
import { EXIT } from "../src/core/exit-codes.js";
import { environmentNames, loadEnvironment } from "../src/environments/registry.js";
import { parseConformance, runConformance } from "../src/environments/tau/conformance.js";

const MAX_SHOWN_CHARACTERS = 600;
const datasets = join(dirname(fileURLToPath(import.meta.url)), "..", "datasets");
process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const [name, file] = args;
  if (name === undefined || file === undefined || args.length !== 2) {
    console.error(
      `usage: npm run conformance -- ENVIRONMENT FILE\nenvironments: ${environmentNames().join(", ")}`,
    );
    return EXIT.userError;
  }
  try {
    const environment = loadEnvironment(name, datasets);
    const report = runConformance(environment, parseConformance(readFileSync(file, "utf8"), file));
    for (const { episode, call, what, expected, got } of report.differences) {
      const from = firstDifference(expected, got);
      console.log(`episode ${episode} call ${call} ${shorten(what, 0)}`);
      console.log(`  expected ${shorten(expected, from)}\n  got      ${shorten(got, from)}`);
    }
    console.log(`${report.passed} passed, ${report.differences.length} failed`);
    return report.differences.length === 0 ? EXIT.ok : EXIT.gateFailed;
  } catch (error) {
    if (!(error instanceof AgentctlError) && !(error instanceof Error && "code" in error)) throw error;
    console.error(error.message);
    return EXIT.userError;
  }
}

function firstDifference(left: string, right: string): number {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index++;
  return index;
}

/** Long texts from a little before the place that matters. */
function shorten(text: string, place: number): string {
  if (text.length <= MAX_SHOWN_CHARACTERS) return text;
  const start = Math.max(0, place - MAX_SHOWN_CHARACTERS / 2);
  const shown = text.slice(start, start + MAX_SHOWN_CHARACTERS);
  return `${start > 0 ? "..." : ""}${shown}... (${text.length} characters, first difference at ${place})`;
}
