import { contentHash, sha256 } from "../../core/hash.js";
import type { PlannedTrial } from "../../core/run.js";
import type { ShardFlag } from "../eval-flags.js";
import type { Evaluation } from "../evaluation.js";

/** Hex digits that are taken of a hash: as many as a number holds exactly. */
const DIGITS = 12;

/**
 * The shard that a group of cases belongs to, from 1. It depends on the group and the number of shards alone, so a case
 * that comes or goes moves no other, and cases of one group are never torn apart.
 */
export function shardOf(group: string, of: number): number {
  return (Number.parseInt(sha256(group).slice(0, DIGITS), 16) % of) + 1;
}

/** The content hash of a whole plan, by which shards of one evaluation know each other. */
export function planHash(plan: readonly PlannedTrial[]): string {
  return contentHash(plan.map(({ caseId, caseHash, trial }) => [caseId, caseHash, trial]));
}

/** The part of an evaluation that a shard runs; it may have no case at all. */
export function shardEvaluation(evaluation: Evaluation, { index, of }: ShardFlag): Evaluation {
  const cases = evaluation.cases.filter((one) => shardOf(one.group, of) === index);
  const ids = new Set(cases.map((one) => one.id));
  return {
    ...evaluation,
    cases,
    plan: evaluation.plan
      .map((planned, position) => ({ ...planned, position }))
      .filter(({ caseId }) => ids.has(caseId)),
    shard: { index, of, planHash: planHash(evaluation.plan), planned: evaluation.plan.length },
  };
}
