import { type CanaryMeasure, canaryMeasure } from "../../config/gates/canary-measures.js";
import type { ConversationRecord, RequestRecord } from "../evidence/conversation-record.js";
import { hasFailedRequest } from "../evidence/has-failed-request.js";

/** What a conversation adds to a mean: `weight` times `value`, where nearly all weigh 1. */
export interface Contribution {
  readonly value: number;
  /** Above 0. */
  readonly weight: number;
}

/**
 * @param maturationMs - age at which an outcome counts; 0: whatever is known counts
 * @returns `null` when the conversation has no value: it is left out and counted
 */
type ContributionOf = (record: ConversationRecord, maturationMs: number) => Contribution | null;

/** How conversations give a measure. */
export type Measure = CanaryMeasure & {
  readonly name: string;
  /** Its outcome is told late: only conversations older than the maturation count. */
  readonly isDelayed: boolean;
  /** Whether somebody told of a conversation what the measure rests on; `null`: nobody has to. */
  readonly isTold: ((record: ConversationRecord) => boolean) | null;
} & (
    | {
        readonly kind: "mean";
        /** Values are 0 or 1, or shares. */
        readonly isRate: boolean;
        readonly contributionOf: ContributionOf;
      }
    | {
        readonly kind: "quantile";
        /** In (0, 1). */
        readonly q: number;
        /** Milliseconds; `null`: the request has none. */
        readonly sampleOf: (request: RequestRecord) => number | null;
      }
  );

const whether = (isSo: boolean): Contribution => (isSo ? ONE : ZERO);
const ONE: Contribution = { value: 1, weight: 1 };
const ZERO: Contribution = { value: 0, weight: 1 };

const MEANS: Readonly<Record<string, ContributionOf>> = {
  // A late answer must not turn a conversation that already counted: the same cut for both arms, once.
  resolution_rate: ({ resolved, firstAt }, maturationMs) =>
    whether(resolved?.value === true && (maturationMs === 0 || resolved.at <= firstAt + maturationMs)),
  handoff_rate: ({ handedOff }) => whether(handedOff === true),
  error_rate: (record) => (record.requests.length === 0 ? null : whether(hasFailedRequest(record))),
  request_error_rate: ({ requests }) =>
    requests.length === 0
      ? null
      : {
          value: requests.reduce((sum, { ok }) => sum + (ok ? 0 : 1), 0) / requests.length,
          weight: requests.length,
        },
  thumbs_down_rate: ({ thumb }) => (thumb === null ? null : whether(!thumb)),
  truncation_rate: ({ requests }) => {
    const known = requests.some(({ finishReason }) => finishReason !== null);
    return known ? whether(requests.some(({ finishReason }) => finishReason === "length")) : null;
  },
  safety_violations: ({ violations }) => ({ value: violations.length, weight: 1 }),
  cost_per_conversation: ({ requests }) => {
    let value = 0;
    for (const { costUsd } of requests) {
      if (costUsd === null) return null;
      value += costUsd;
    }
    return requests.length === 0 ? null : { value, weight: 1 };
  },
};

const TOLD: Readonly<Record<string, (record: ConversationRecord) => boolean>> = {
  resolution_rate: ({ resolved }) => resolved !== null,
  handoff_rate: ({ handedOff }) => handedOff !== null,
};

const QUANTILE = /^p(\d\d)_(latency|first_token)$/;

/** Of a threshold `per 10K requests`: events over requests, so that long conversations weigh more. */
const violationsOverRequests: ContributionOf = ({ violations, requests }) =>
  requests.length === 0 ? null : { value: violations.length / requests.length, weight: requests.length };

/**
 * The measure of that name; `null` for an unknown one.
 *
 * @param per - what a count is over, as in `+1 per 10K requests`; conversations unless said
 */
export function measureOf(name: string, per = "conversations"): Measure | null {
  const facts = canaryMeasure(name);
  if (facts === undefined) return null;
  const [, percent, what] = QUANTILE.exec(name) ?? [];
  if (percent !== undefined) {
    const sampleOf = ({ ok, latencyMs, firstTokenMs }: RequestRecord) =>
      what === "latency" ? (ok ? latencyMs : null) : firstTokenMs;
    return {
      ...facts,
      name,
      isDelayed: false,
      isTold: null,
      kind: "quantile",
      q: Number(percent) / 100,
      sampleOf,
    };
  }
  const metric = name.replace(/^score\./, "");
  const scoreOf: ContributionOf = ({ scores }) =>
    scores[metric] === undefined ? null : { value: scores[metric], weight: 1 };
  return {
    ...facts,
    name,
    isDelayed: name === "resolution_rate",
    isTold: TOLD[name] ?? null,
    kind: "mean",
    isRate: facts.unit === "proportion",
    contributionOf:
      facts.unit === "count" && per !== "conversations" ? violationsOverRequests : (MEANS[name] ?? scoreOf),
  };
}
