import { contentHash } from "../../core/hash.js";
import type { RunHeader } from "../../core/run.js";

type Header = Omit<RunHeader, "plan">;

/** Parts that the header of every run tells, by the names of `changed(…)`. */
const TOLD: { readonly [part: string]: (run: Header) => string } = {
  agent: (run) => run.agentVersion,
  dataset: (run) => run.datasetHash,
  judges: ({ judges }) => contentHash(judges.map(({ metric, version }) => `${metric} ${version}`).sort()),
};

/**
 * Whether a part differs between two runs.
 *
 * @param part - a name that `changed(…)` of a gate file knows
 * @returns `null` when nobody knows: runs stored before parts had hashes, and agents that are not built in, tell only
 *   some of them
 */
export function changedPart(run: Header, baseline: Header, part: string): boolean | null {
  const [now, before] = [run, baseline].map((one) => TOLD[part]?.(one) ?? one.parts?.[part]);
  if (now !== undefined && before !== undefined) return now !== before;
  if (part === "user_model") return run.userModel === baseline.userModel ? null : true;
  if (part === "prompt" && differs(run.promptVersion, baseline.promptVersion)) return true;
  const saysOfNeither = run.parts === undefined || baseline.parts === undefined;
  return saysOfNeither && run.agentVersion === baseline.agentVersion ? false : null;
}

function differs(now: string | null, before: string | null): boolean {
  return now !== null && before !== null && now !== before;
}
