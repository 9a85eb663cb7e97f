import type { DataGuardConfig } from "../../config/agent/guardrails-schema.js";
import type { Emit, EventPayloads } from "../../core/events.js";
import type { ToolOutcome } from "../../environments/environment.js";
import type { Passage } from "../retrieval/retriever.js";
import { INSTRUCTION_CLASSIFIER } from "./instruction-classifier.js";
import { type InspectedText, inspectResult, inspectText } from "./quarantine.js";

/** Inspected passages, by their text: the same documents come back in one conversation after another. */
const inspected = new WeakMap<DataGuardConfig, Map<string, InspectedText>>();
const MOST_KEPT = 2_000;

/** Quarantines instructions in retrieved passages: the model reads them without. */
export function guardPassages(
  passages: readonly Passage[],
  config: DataGuardConfig,
  emit: Emit,
): readonly Passage[] {
  return passages.map((passage) => {
    const text = remembered(passage.text, config);
    const title = remembered(passage.title, config);
    const section = remembered(passage.section, config);
    const found = [text, title, section].filter(({ quarantined, flagged }) => quarantined + flagged > 0);
    if (found.length === 0) return passage;
    report("retrieval.instructions", "document", found, { documentIds: [passage.documentId] }, emit);
    return { ...passage, text: text.text, title: title.text, section: section.text };
  });
}

/** Quarantines instructions in the result of a tool. */
export function guardResult(
  outcome: ToolOutcome,
  callId: string,
  config: DataGuardConfig,
  emit: Emit,
): ToolOutcome {
  const found = inspectResult(outcome.content, config);
  if (found.quarantined + found.flagged === 0) return outcome;
  report("tool.instructions", "result", [found], { callId }, emit);
  return { ...outcome, content: found.text };
}

function report(
  rule: string,
  place: string,
  found: readonly InspectedText[],
  about: Pick<EventPayloads["guardrail_triggered"], "documentIds" | "callId">,
  emit: Emit,
): void {
  const quarantined = found.reduce((sum, one) => sum + one.quarantined, 0);
  const count = quarantined === 0 ? found.reduce((sum, one) => sum + one.flagged, 0) : quarantined;
  const signals = [...new Set(found.flatMap((one) => one.signals))];
  emit("guardrail_triggered", {
    rule,
    action: quarantined > 0 ? "quarantine" : "flag",
    detail: `${count} ${count === 1 ? "passage" : "passages"} of the ${place} ${count === 1 ? "reads" : "read"} like orders: ${signals.join(", ")}`,
    classifier: INSTRUCTION_CLASSIFIER,
    score: found.reduce((most, one) => Math.max(most, one.score), 0),
    ...about,
  });
}

function remembered(text: string, config: DataGuardConfig): InspectedText {
  const kept = inspected.get(config) ?? new Map<string, InspectedText>();
  inspected.set(config, kept);
  const known = kept.get(text);
  if (known !== undefined) return known;
  const found = inspectText(text, config);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(text, found);
  return found;
}
