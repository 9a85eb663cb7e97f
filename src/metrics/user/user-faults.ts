import { GOAL_NOT_GIVEN } from "../../core/recording.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, Metric, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { auditUser, type UserFault } from "./audit-user.js";

const SHOWN = 5;
const NOT_PLAYED = "no model plays the user, or nothing tells what it was to do";
const SHARED = {
  layer: "operations",
  direction: "lower",
  needs: ["a user with a goal that a model plays"],
  source: "rules on the messages of the user; no judge",
  rules: {
    empty: "A user with fixed words, and a trial in which the user said nothing: no score.",
    refusal: "What the agent says changes nothing but what the user may know.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
} as const;

/**
 * Faults of the simulated user in one trial.
 *
 * @returns `null` when no model played the user, nothing tells what it was to do, or it never spoke
 */
export function userFaultsOf({
  goldenCase,
  trace,
}: Pick<ScoredInput, "goldenCase" | "trace">): readonly UserFault[] | null {
  const { input } = goldenCase;
  if (input.kind !== "user" || input.script !== null || input.goal.endsWith(GOAL_NOT_GIVEN)) return null;
  if (!trace.transcript.some(({ role }) => role === "user")) return null;
  return auditUser(input, trace);
}

function describe(faults: readonly UserFault[]): string {
  const shown = faults
    .slice(0, SHOWN)
    .map(({ kind, message, detail }) => `${kind} in message ${message + 1}: ${detail}`);
  return [...shown, ...(faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : [])].join("; ");
}

/** How many faults the simulated user made: what a trial with any says of the agent is to be read, not counted. */
const userFaults: CaseMetric = caseMetric({
  ...SHARED,
  name: "user.faults",
  unit: "count",
  description:
    "Faults of the simulated user: invented values, actions against its goal, early stops, words of an agent, repetitions; total over the run.",
  range: "0 and up",
  aggregate: "sum",
  score: (input) => {
    const faults = userFaultsOf(input);
    if (faults === null) return unscored(NOT_PLAYED);
    return faults.length === 0 ? scored(0) : scored(faults.length, describe(faults));
  },
});

/** Share of the trials in which the simulated user made a fault. */
const faultyUserRate: CaseMetric = caseMetric({
  ...SHARED,
  name: "user.faulty_rate",
  unit: "proportion",
  description: "Share of the trials in which the simulated user made a fault, whatever the agent did.",
  range: "0 to 1",
  aggregate: "proportion",
  score: (input) => {
    const faults = userFaultsOf(input);
    if (faults === null) return unscored(NOT_PLAYED);
    return faults.length === 0 ? scored(0) : scored(1, describe(faults));
  },
});

/** Metrics of simulated users, computed where they are asked for. */
export const usersOnRequest: readonly Metric[] = [userFaults, faultyUserRate];
