import { contentHash, type Json } from "../../core/hash.js";
import type { Arm } from "../../core/traffic-split.js";
import type { StepDecision } from "../decisions/step-decision.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { ReleaseEvidence, StepLog } from "../evidence/release-evidence.js";
import { noteCapacity } from "./capacity-notes.js";
import { stepLogs } from "./history.js";
import type { Enclosed, RowNote } from "./release-desk.js";
import type { Turn } from "./turn.js";

/** What was seen at one moment, and what it means. */
export interface Look {
  readonly at: number;
  readonly step: number;
  readonly steps: readonly StepLog[];
  readonly evidence: ReleaseEvidence;
  readonly decision: StepDecision;
}

/** Reads everything that is known of the release, and judges it; notes what is missing of the capacity. */
export async function look(turn: Turn, phase: "bake" | "watch"): Promise<Look> {
  const { ports, desk, signal } = turn;
  const { release } = desk;
  const steps = stepLogs(desk.rows, release.plan);
  const evidence = await ports.evidence.read(release, steps, signal);
  noteCapacity(desk, evidence);
  const at = ports.clock.now();
  const step = "step" in release.state ? release.state.step : (steps.at(-1)?.step ?? 0);
  const decision = ports.decide(evidence, release.plan, { now: at, step, steps, phase });
  return { at, step, steps, evidence, decision };
}

/** Conversations that began on the new version in the present step, at its share: the clock of a router may be ahead. */
export function conversationsOfStep({
  evidence,
  steps,
  step,
}: Pick<Look, "steps" | "step"> & { readonly evidence: Pick<ReleaseEvidence, "conversations"> }): number {
  const log = steps.findLast((one) => one.step === step);
  if (log === undefined) return 0;
  const { conversations } = evidence;
  let count = 0;
  // They are in the order in which they began, so that those of the step are the last.
  for (let index = conversations.length - 1; index >= 0; index--) {
    const { arm, firstAt, bps } = conversations[index] as ConversationRecord;
    if (firstAt < log.startedAt) break;
    if (arm === "canary" && bps === log.bps) count += 1;
  }
  return count;
}

/** The look as evidence of an event: window, counts and every rule, kept by its content hash. */
export function asEvidence(
  turn: Turn,
  seen: Look,
  reason: string,
): Required<Pick<Enclosed, "evidence" | "evidenceHash">> & {
  readonly rows: readonly RowNote[];
} {
  const evidence = recordOf(turn, seen);
  const evidenceHash = contentHash(evidence);
  return {
    rows: [{ kind: "evaluation", event: "evaluate", reason, evidenceHash }],
    evidence: [evidence],
    evidenceHash,
  };
}

function recordOf({ desk }: Turn, { at, step, steps, evidence, decision }: Look): Json {
  const { plan, bakedMs } = desk.release;
  const { conversations, conversationsHash, ...others } = evidence;
  const record = {
    step,
    window: { from: steps[0]?.startedAt ?? null, to: at },
    steps,
    bakedMs,
    alpha: plan.alpha,
    counts: countsOf(conversations),
    conversationsHash: conversationsHash(),
    ...others,
    decision,
  };
  return plain(record);
}

function countsOf(conversations: readonly ConversationRecord[]): Record<Arm, number> {
  let canary = 0;
  for (const { arm } of conversations) if (arm === "canary") canary += 1;
  return { canary, stable: conversations.length - canary };
}

/** JSON has no infinity: a limit that is none becomes `null`. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
