import { conditionHolds, parseWhenCondition, type WhenEvidence } from "../config/gates/when-condition.js";
import type { GateEvidence } from "./gate-evidence.js";
import type { AnyRule } from "./gate-kind.js";
import type { SkippedGate } from "./gate-report.js";

export interface NamedRule {
  readonly rule: AnyRule;
  /** Unique in the report. */
  readonly name: string;
}

/** Rules by whether their condition lets them be judged. */
export interface ConditionedRules {
  readonly judged: readonly NamedRule[];
  readonly skipped: readonly SkippedGate[];
  /** Conditions that nobody can decide, one sentence each. */
  readonly notes: readonly string[];
}

/** Leaves out the rules whose condition does not hold. What nobody knows skips nothing: the rule is judged. */
export function skipGates(rules: readonly NamedRule[], evidence: GateEvidence): ConditionedRules {
  const facts = factsOf(evidence);
  const judged: NamedRule[] = [];
  const skipped: SkippedGate[] = [];
  const notes: string[] = [];
  for (const named of rules) {
    const { when } = named.rule;
    const parsed = when === undefined ? null : parseWhenCondition(when);
    // A condition that cannot be read never gets past the check of the file; here it must not skip a gate.
    const holds = parsed === null || "problem" in parsed ? true : conditionHolds(parsed.value, facts);
    if (holds === false) {
      skipped.push({ name: named.name, reason: `Its condition does not hold: ${when}.` });
      continue;
    }
    judged.push(named);
    if (holds === null) {
      notes.push(`nobody knows whether the condition of ${named.name} holds (${when}), so it was judged`);
    }
  }
  return { judged, skipped, notes };
}

function factsOf({ own, changed }: GateEvidence): WhenEvidence {
  const { suite, tags, provider, model, agentName } = own.run;
  const values = { suite: [suite], tag: tags, provider: [provider], model: [model], agent: [agentName] };
  return { changed, valuesOf: (fact) => values[fact] };
}
