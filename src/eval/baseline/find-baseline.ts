import { resolve } from "node:path";
import type { RunHeader } from "../../core/run.js";
import type { Store } from "../../store/store.js";

/** Where a baseline is: in the history, in a file (absolute path), or nowhere, with one sentence that says why. */
export type BaselinePlace =
  | { readonly run: RunHeader }
  | { readonly file: string }
  | { readonly missing: string };

/** Whether a baseline names a file rather than a tag or a run: it has a separator, or ends in `.json` or `.jsonl`. */
export function namesFile(reference: string): boolean {
  return /[\\/]|\.jsonl?$/i.test(reference);
}

/**
 * Finds what a gate file calls its baseline: a file, else the newest run of the same suite that carries the tag, else
 * a run by its id. A tag of another suite is none: two suites share one history and one gate file.
 *
 * @param folder - that paths are relative to; `null` where no file can be named
 */
export function findBaseline(
  store: Store,
  run: RunHeader,
  reference: string,
  folder: string | null,
): BaselinePlace {
  if (namesFile(reference)) {
    return folder === null
      ? { missing: `There is no baseline: ${reference} is a file, and these rules are not of a file.` }
      : { file: resolve(folder, reference) };
  }
  const found = runOfSuite(store, run.suite, reference);
  if (found === null) return { missing: `There is no baseline: found no run ${reference}.` };
  if (found.id !== run.id) {
    if (found.suite === run.suite || found.id.startsWith(reference)) return { run: found };
    const missing = `There is no baseline: no run of suite ${run.suite} is tagged ${reference} (run ${found.id} of suite ${found.suite} is); tag one with agentctl runs tag.`;
    return { missing };
  }
  // The run became the baseline itself, after it was held against the one before.
  const before = run.baselineRun === undefined ? null : store.getRun(run.baselineRun);
  return before === null ? { missing: `The baseline ${reference} is this very run.` } : { run: before };
}

/** Id of the run that a tag or an id names for a suite; `null` for a file, and where there is none. */
export function baselineRunOf(store: Store, suite: string, reference: string): string | null {
  return namesFile(reference) ? null : (runOfSuite(store, suite, reference)?.id ?? null);
}

/** The newest run of a suite that carries a tag, else what the name means in the whole history; `null` for nothing. */
export function runOfSuite(store: Store, suite: string, reference: string): RunHeader | null {
  const [tagged] = store.listRuns({ suite, tag: reference, limit: 1 });
  return store.getRun(tagged?.id ?? reference);
}
