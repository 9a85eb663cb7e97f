import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import {
  type DatasetPower,
  datasetPower,
  type PowerAssumptions,
} from "../../datasets/tools/dataset-power.js";
import { readDatasetFile } from "./dataset-file.js";

export interface FilePower extends DatasetPower {
  readonly path: string;
  readonly hash: string;
  /** The split that was looked at; `null`: all cases. */
  readonly split: GoldenCase["split"] | null;
}

/**
 * What a golden set, or one split of it, can show.
 *
 * @throws {DatasetError | UsageError} when the file is wrong, or the split has no case
 */
export async function powerOfFile(
  path: string,
  split: GoldenCase["split"] | undefined,
  assumptions: PowerAssumptions,
  workingDirectory: string,
): Promise<FilePower> {
  const dataset = await readDatasetFile(path, workingDirectory);
  const cases = dataset.cases.filter((one) => split === undefined || one.split === split);
  if (cases.length === 0) {
    throw new UsageError(`--split ${split}: none of the ${dataset.cases.length} cases has this split`, {
      nextStep: `see which it has with \`agentctl dataset stats ${path}\``,
    });
  }
  return {
    ...datasetPower(cases, assumptions),
    path: dataset.path,
    hash: dataset.hash,
    split: split ?? null,
  };
}
