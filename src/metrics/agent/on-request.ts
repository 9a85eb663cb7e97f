import type { Metric } from "../metric.js";
import { escalationRate } from "./escalation.js";
import { goalProgress } from "./goal-progress.js";
import { planValidity } from "./plan-validity.js";
import { recoveryRate } from "./recovery.js";
import { redundantCalls } from "./redundant-calls.js";
import { toolCallOverlaps } from "./tool-call-overlap.js";
import { toolCallsCorrect } from "./tool-calls.js";
import { orderMatch } from "./trajectory.js";

/** Metrics of what agents do that are computed where they are asked for. */
export const agentOnRequest: readonly Metric[] = [
  toolCallsCorrect,
  ...toolCallOverlaps,
  orderMatch,
  goalProgress,
  redundantCalls,
  recoveryRate,
  escalationRate,
  planValidity,
];
