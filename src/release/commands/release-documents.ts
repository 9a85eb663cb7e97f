import type { CanaryRelease, CanaryRow, CanaryState } from "../../report/schemas/canary-command.js";
import type { JournalRow, ReleaseRecord } from "../journal/journal.js";
import { type ReleaseState, stateText } from "../machine/state.js";

/** A state as documents have it. */
export function stateDocument(state: ReleaseState): CanaryState {
  return {
    text: stateText(state),
    name: state.name,
    step: "step" in state ? state.step : null,
    reason: state.name === "PAUSED" ? state.reason : null,
  };
}

/** A release as documents have it. */
export function releaseDocument(release: ReleaseRecord): CanaryRelease {
  const { id, plan, state, since, author, createdAt, planHash } = release;
  return {
    id,
    service: plan.service,
    state: stateDocument(state),
    since,
    author,
    createdAt,
    planHash,
    canary: plan.canary,
    stable: plan.stable,
  };
}

/** A row as documents have it. */
export function rowDocument({ releaseId: _, ...row }: JournalRow): CanaryRow {
  return { ...row, from: stateText(row.from), to: stateText(row.to) };
}
