/**
 * Error probability of each rule of a plan: an equal part for each enforced rule, and one for a burst of errors, which rolls
 * back without a rule.
 *
 * @param alpha - of the whole plan, in (0, 1)
 */
export function alphaOfRule(
  alpha: number,
  rules: readonly { readonly mode: "enforce" | "observe" }[],
): number {
  return alpha / (rules.filter(({ mode }) => mode === "enforce").length + 1);
}
