import type { GoldenCase } from "../core/golden-case.js";
import type { DatasetCheck } from "../datasets/tools/check-datasets.js";
import type { DatasetPower } from "../datasets/tools/dataset-power.js";
import type { DatasetStats } from "../datasets/tools/dataset-stats.js";
import type { DedupeReport } from "../datasets/tools/dedupe-report.js";
import type { DatasetDiff } from "../datasets/tools/diff-datasets.js";
import type { CaseSample, SamplePlan } from "../datasets/tools/sample-cases.js";
import type { SplitReport } from "../datasets/tools/split-report.js";
import type { ImportedDatasetReport } from "./imported-dataset.js";

/** A file that was written in place of, or beside, the one that was read. */
interface Written {
  readonly path: string;
  readonly output: string;
  /** Content hash of what was written. */
  readonly hash: string;
}

/** What the documents about golden sets hold. */
export interface DatasetDocuments {
  readonly "dataset-check": DatasetCheck & { readonly isClean: boolean; readonly isStrict: boolean };
  readonly "dataset-stats": DatasetStats;
  readonly "dataset-split": SplitReport & Written;
  readonly "dataset-dedupe": DedupeReport & Written;
  readonly "dataset-diff": DatasetDiff;
  readonly "dataset-sample": Omit<CaseSample, "cases"> & {
    readonly path: string;
    readonly output: string | null;
    readonly plan: SamplePlan;
    readonly available: number;
    readonly holdoutLeftOut: number;
    readonly cases: readonly Pick<GoldenCase, "id" | "line" | "split" | "risk" | "hash">[];
  };
  readonly "dataset-power": DatasetPower & {
    readonly path: string;
    readonly hash: string;
    readonly split: GoldenCase["split"] | null;
  };
  readonly "imported-dataset": ImportedDatasetReport;
}
