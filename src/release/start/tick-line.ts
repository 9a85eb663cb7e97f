import { openCapacityNote } from "../controller/capacity-notes.js";
import { lastTransition } from "../controller/history.js";
import { sharePercent } from "../controller/split.js";
import type { StepDecision } from "../decisions/step-decision.js";
import type { JournalRow, ReleaseRecord } from "../journal/journal.js";
import { stateText } from "../machine/state.js";

/** One line of where a release stands and why; the same text as long as nothing changes that a reader cares for. */
export function tickLine(
  release: ReleaseRecord,
  decision: StepDecision | null,
  rows: readonly JournalRow[],
): string {
  const { state, plan } = release;
  const step = "step" in state ? plan.steps[state.step] : undefined;
  const share = step === undefined ? "" : ` ${sharePercent(step.bps)}`;
  const reason = lastTransition(rows)?.reason ?? "";
  const verdict =
    state.name === "BAKING" && decision !== null
      ? `; so far ${decision.verdict}: ${decision.reason}`
      : `: ${reason}`;
  return `${stateText(state)}${share}${verdict}${missing(release, rows)}`;
}

/** An endpoint of which nobody knows how full it is looks like one that has room. */
function missing({ state }: ReleaseRecord, rows: readonly JournalRow[]): string {
  const note = "step" in state || state.name === "WATCHING" ? openCapacityNote(rows) : null;
  return note === null ? "" : `; since ${note.at.slice(11, 19)} UTC ${note.reason}`;
}
