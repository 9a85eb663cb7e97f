import { didYouMean, listNames } from "../../core/nearest.js";
import {
  type BooleanExpression,
  evaluateExpression,
  type Parsed,
  parseBooleanExpression,
  type Token,
} from "./boolean-expression.js";

/** What `changed(…)` can ask about: the parts of a run that have a hash of their own. */
export const CHANGEABLE_PARTS = [
  "agent",
  "prompt",
  "model",
  "tools",
  "retrieval",
  "memory",
  "guardrails",
  "dataset",
  "judges",
  "user_model",
] as const;

type ChangeablePart = (typeof CHANGEABLE_PARTS)[number];

const FACTS = ["suite", "tag", "provider", "model", "agent"] as const;

/** What a condition can ask of the run beside what changed; `tag` holds when the run has that tag. */
type WhenFact = (typeof FACTS)[number];

type WhenClaim =
  | { readonly kind: "changed"; readonly part: ChangeablePart }
  | { readonly kind: "is"; readonly fact: WhenFact; readonly value: string; readonly isNegated: boolean };

export type WhenCondition = BooleanExpression<WhenClaim>;

/** What a condition is decided by. */
export interface WhenEvidence {
  /** `null` when nobody knows. */
  readonly changed: (part: ChangeablePart) => boolean | null;
  readonly valuesOf: (fact: WhenFact) => readonly string[];
}

/**
 * Reads a condition such as `changed(prompt) or changed(tools)`, `not changed(model)`,
 * `suite = tau-airline and not tag = smoke`.
 */
export function parseWhenCondition(text: string): Parsed<WhenCondition> {
  return parseBooleanExpression(text, readClaim);
}

/** Whether the condition holds; `null` when that depends on what nobody knows. */
export function conditionHolds(condition: WhenCondition, evidence: WhenEvidence): boolean | null {
  return evaluateExpression(condition, (claim) => {
    if (claim.kind === "changed") return evidence.changed(claim.part);
    return evidence.valuesOf(claim.fact).includes(claim.value) !== claim.isNegated;
  });
}

function readClaim(
  tokens: readonly Token[],
): { readonly claim: WhenClaim; readonly taken: number } | { readonly problem: string } {
  const [first, sign, value] = tokens;
  const name = first?.text ?? "";
  if (first?.kind !== "word") return { problem: `wants \`changed(…)\` or a comparison, found \`${name}\`` };
  if (name === "changed") return readChanged(tokens);
  if (!isFact(name)) {
    const nextStep =
      didYouMean(name, ["changed", ...FACTS]) || `; known: \`changed(…)\`, ${listNames(FACTS)}`;
    return { problem: `asks of \`${name}\`, which no run says${nextStep}` };
  }
  if (sign?.kind !== "sign" || (sign.text !== "=" && sign.text !== "!=") || !isValue(value)) {
    return { problem: `wants \`${name} = VALUE\` or \`${name} != VALUE\`` };
  }
  return {
    claim: { kind: "is", fact: name, value: value.text, isNegated: sign.text === "!=" },
    taken: 3,
  };
}

function readChanged(
  tokens: readonly Token[],
): { readonly claim: WhenClaim; readonly taken: number } | { readonly problem: string } {
  const [, open, part, close] = tokens;
  if (open?.text !== "(" || !isValue(part) || close?.text !== ")") {
    return { problem: "wants one part in parentheses, such as `changed(prompt)`" };
  }
  const known = CHANGEABLE_PARTS.find((one) => one === part.text);
  if (known !== undefined) return { claim: { kind: "changed", part: known }, taken: 4 };
  const nextStep = didYouMean(part.text, CHANGEABLE_PARTS) || `; known parts: ${listNames(CHANGEABLE_PARTS)}`;
  return { problem: `asks whether \`${part.text}\` changed, which no run says${nextStep}` };
}

function isFact(name: string): name is WhenFact {
  return FACTS.some((fact) => fact === name);
}

function isValue(token: Token | undefined): token is Token {
  return token !== undefined && token.kind !== "sign" && token.text !== "";
}
