import { resolve } from "node:path";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { RunHeader } from "../../core/run.js";
import { problemOfTag } from "../../core/run-tag.js";
import type { GateReport } from "../../gates/gate-report.js";
import type { Store } from "../../store/store.js";
import { type Checkout, readCheckout } from "./checkout.js";
import { writeExport } from "./export-run.js";
import { namesFile } from "./find-baseline.js";
import { rulesFolder } from "./rules-folder.js";

/** A run whose gate was judged, and where that happened. */
export interface JudgedBaseline {
  readonly run: RunHeader;
  /** `null` without gate rules. */
  readonly rules: GatesConfig | null;
  readonly report: GateReport | null;
  /** Folder of the project. */
  readonly root: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/**
 * Moves the baseline of the gate file to a run that may be it: the gate passed, and the run was made from what stands,
 * committed, on the default branch. A tag moves from the earlier run of the suite to this one at once; a file is written
 * anew.
 *
 * @returns one sentence: what moved, or why nothing did
 * @throws {StoreError} when store or file cannot be written
 */
export async function updateBaseline(store: Store, judged: JudgedBaseline): Promise<string> {
  const { run, rules, report, root, env } = judged;
  if (rules === null || report === null) return "no baseline moved: there are no gate rules";
  const reference = rules.baseline;
  const why = whyNot(run, report, readCheckout(root, env));
  if (why !== null) return `the baseline ${reference} did not move: ${why}`;
  if (namesFile(reference)) {
    await writeExport(store, run, resolve(rulesFolder(rules) ?? root, reference), false, root);
    return `wrote run ${run.id} to the baseline ${reference}; commit it`;
  }
  const problem = problemOfTag(reference);
  if (problem !== null) return `the baseline ${reference} did not move: it names one run, not a tag`;
  const earlier = moveTag(store, run, reference);
  const from = earlier.length === 0 ? "" : ` from ${earlier.join(", ")}`;
  return `the baseline ${reference} moved${from} to run ${run.id}`;
}

function whyNot(run: RunHeader, report: GateReport, checkout: Checkout | null): string | null {
  if (report.verdict !== "pass") return `the gate did not pass (${report.verdict})`;
  if (run.status !== "complete") {
    return `run ${run.id} is ${run.status}, and a baseline has all trials; run the rest with agentctl eval --resume ${run.id}`;
  }
  if (checkout === null) return "the project is in no git repository, so nobody knows the branch";
  const { branch, defaultBranches, isPullRequest, commit, isClean } = checkout;
  if (isPullRequest) return "this is a pull request; it moves once that is merged";
  if (branch === null) return "no branch is checked out";
  if (!defaultBranches.includes(branch)) {
    return `${branch} is not the default branch (${defaultBranches.join(" or ")})`;
  }
  if (!isClean) return "the working tree has changes that are not committed";
  if (run.gitCommit !== commit || run.gitDirty !== false) {
    return run.gitCommit === commit
      ? `run ${run.id} was made with changes that were not committed`
      : `run ${run.id} was not made from the commit that is checked out`;
  }
  return null;
}

/**
 * Gives a tag to a run and takes it from all others of its suite, at once.
 *
 * @returns ids of the runs that had it
 */
export function moveTag(store: Store, run: RunHeader, tag: string): readonly string[] {
  return store.transaction(() => {
    const earlier = store
      .listRuns({ suite: run.suite, tag })
      .map(({ id }) => id)
      .filter((id) => id !== run.id);
    for (const id of earlier) store.untagRun(id, tag);
    store.tagRun(run.id, tag);
    return earlier;
  });
}
