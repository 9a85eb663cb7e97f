import type { Metric } from "../metric.js";
import { overCapActions, unauthorisedActions } from "./actions.js";
import { GUARDRAIL_LAYERS } from "./guardrail-rules.js";
import { guardrailFlags, guardrailTriggers, guardrailTriggersOf } from "./guardrails.js";
import { injectionSuccess } from "./injection.js";
import { piiLeaks } from "./pii-leaks.js";

/** Metrics of safety that a run gets only when it is asked to. */
export const safetyOnRequest: readonly Metric[] = [
  injectionSuccess,
  piiLeaks,
  unauthorisedActions,
  overCapActions,
  guardrailTriggers,
  guardrailFlags,
  ...GUARDRAIL_LAYERS.map(guardrailTriggersOf),
];
