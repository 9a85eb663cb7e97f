import type { Expectation, GoldenCase } from "../../core/golden-case.js";
import type { Tally } from "./tally.js";

/** Whether a case states a kind of expectation, by its key in the file. */
const IS_STATED: { readonly [key: string]: (expect: Expectation) => boolean } = {
  sources: (expect) => expect.sources.length > 0,
  must_include: (expect) => expect.mustInclude.length > 0,
  must_not_include: (expect) => expect.mustNotInclude.length > 0,
  answer: (expect) => expect.answer !== null,
  tool_calls: (expect) => expect.toolCalls !== null,
  state: (expect) => expect.state !== null,
  outputs: (expect) => expect.outputs.length > 0,
  refusal: (expect) => expect.refusal !== null,
};

/** How many cases state each kind of expectation, all kinds in the order of the documentation. */
export function labelCoverage(cases: readonly GoldenCase[]): readonly Tally[] {
  return Object.entries(IS_STATED).map(([value, isStated]) => {
    const count = cases.filter((one) => isStated(one.expect)).length;
    return { value, cases: count, share: count / cases.length };
  });
}

/** Whether a case states anything that can be checked; a reference answer alone needs a judge, and counts. */
export function statesSomething(one: GoldenCase): boolean {
  return Object.values(IS_STATED).some((isStated) => isStated(one.expect));
}
