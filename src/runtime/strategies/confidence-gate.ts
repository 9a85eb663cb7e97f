import { type Turn, TurnStopped } from "../turn.js";

/** What is said to the user when the conversation goes to a person. */
export const HANDOVER = "I am not sure enough to do this for you, so I am handing you over to a person.";

export interface ConfidenceGate {
  /** 0 to 1; `null` lets everything pass. */
  readonly threshold: number | null;
  /** Said to the user on a hand-over. */
  readonly handover: string;
}

/** An action that is about to be carried out. */
export interface IntendedAction {
  readonly tool: string;
  /** 0 to 1; `null` when the model did not say. */
  readonly confidence: number | null;
}

/**
 * Hands over to a person when the model is not sure enough of an action with a side effect. A confidence that was not
 * stated counts as below the threshold: silence is no reason to act. Tools that are not known pass; they are refused
 * when they are called.
 *
 * @throws {TurnStopped} `escalated`, with the reason in a `guardrail_triggered` event `tool.confidence`
 */
export function requireConfidence(
  turn: Turn,
  actions: readonly IntendedAction[],
  { threshold, handover }: ConfidenceGate,
): void {
  if (threshold === null) return;
  const unsure = actions.filter(
    ({ tool, confidence }) => hasSideEffect(turn, tool) && (confidence === null || confidence < threshold),
  );
  if (unsure.length === 0) return;
  const found = unsure.map(({ tool, confidence }) => `${tool}: ${confidence ?? "not stated"}`).join(", ");
  turn.emit("guardrail_triggered", {
    rule: "tool.confidence",
    action: "escalate",
    detail: `confidence below ${threshold} (${found})`,
  });
  throw new TurnStopped("escalated", handover);
}

function hasSideEffect(turn: Turn, name: string): boolean {
  const tool = turn.tools.find(({ spec }) => spec.name === name);
  return tool !== undefined && tool.reversibility !== "read";
}
