/** Where a guardrail stands; the first part of its rule's name. */
export const GUARDRAIL_LAYERS = ["input", "retrieval", "tool", "output"] as const;
export type GuardrailLayer = (typeof GUARDRAIL_LAYERS)[number];

function partsOf(rule: string): readonly string[] {
  return rule.toLowerCase().split(/[^a-z]+/);
}

/** The layer of a rule such as `tool.cap`; `null` when its name does not begin with one. */
export function layerOf(rule: string): GuardrailLayer | null {
  const first = partsOf(rule)[0];
  return GUARDRAIL_LAYERS.find((layer) => layer === first) ?? null;
}

/** Whether a word is part of a rule's name, also in the plural: `cap` of `tool.refund-cap` and `caps`. */
export function ruleHasPart(rule: string, part: string): boolean {
  return partsOf(rule).some((one) => one === part || one === `${part}s`);
}
