import { UsageError } from "../../core/errors.js";
import { type CaseSample, type SamplePlan, sampleCases } from "../../datasets/tools/sample-cases.js";
import { readDatasetLines } from "./dataset-file.js";
import { type DatasetOutputFlags, destinationOf, writeDataset } from "./dataset-output.js";

export interface DatasetSample extends CaseSample {
  readonly path: string;
  readonly plan: SamplePlan;
  /** Cases that could be drawn. */
  readonly available: number;
  /** Holdout cases that could not be drawn, because nobody asked for them. */
  readonly holdoutLeftOut: number;
  /** `null`: nothing was written. */
  readonly output: string | null;
  /** The drawn lines as they stand in the file, each with a line end. */
  readonly text: string;
}

/**
 * Draws cases from a golden set and writes their lines, when there is a destination.
 *
 * @param includeHoldout - whether holdout cases, whose texts are not to be read, may be drawn
 * @throws {DatasetError | StoreError | UsageError} when the file is wrong, cannot be written, or has no case to draw
 */
export async function sampleDataset(
  path: string,
  plan: SamplePlan,
  flags: Pick<DatasetOutputFlags, "output" | "force"> & { readonly includeHoldout?: boolean },
  workingDirectory: string,
): Promise<DatasetSample> {
  const destination = destinationOf(path, flags, workingDirectory);
  const { dataset, lines } = await readDatasetLines(path, workingDirectory);
  const cases = dataset.cases.filter((one) => flags.includeHoldout === true || one.split !== "holdout");
  if (cases.length === 0) {
    throw new UsageError(`${path}: all ${dataset.cases.length} cases are holdout cases`, {
      nextStep: "draw from them with --include-holdout",
    });
  }
  const sample = sampleCases(cases, plan);
  const text = sample.cases
    .map((one) => `${(lines[one.line - 1] ?? "").replace(/^\uFEFF/, "").trimEnd()}\n`)
    .join("");
  if (destination !== null) await writeDataset(destination, text);
  return {
    ...sample,
    path,
    plan,
    available: cases.length,
    holdoutLeftOut: dataset.cases.length - cases.length,
    output: destination?.shown ?? null,
    text,
  };
}
