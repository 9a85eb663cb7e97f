import type { ExpectedToolCall } from "../../core/golden-case.js";
import type { Trace } from "../../core/trace.js";
import { toolCallAgreement } from "../../metrics/agent/tool-calls.js";
import type { FailedTrial, Failure } from "./classify-failure.js";

/** Which tool a failed trial should have called, or how it called the right one wrongly; `null`: its calls are no reason. */
export function toolFailure(failed: FailedTrial): Failure | null {
  const { goldenCase, trial, trace } = failed;
  const { toolCalls, state } = goldenCase.expect;
  if (trace === null || trace.unreported?.includes("toolCalls") === true) return withoutTrace(failed);
  if (toolCalls !== null && isUnmet(failed, trace)) return expectedCalls(toolCalls, failed, trace);
  if (trial.check?.stateMatches === false && state !== null) return finalState(state.actions, trace);
  return badForm(trace);
}

/** From scores alone it shows that calls differ, not which part of them. */
function withoutTrace({ trial, goldenCase }: FailedTrial): Failure | null {
  const accuracy = trial.scores["tool_calls.accuracy"]?.value ?? null;
  if (goldenCase.expect.toolCalls === null || accuracy === null || accuracy >= 1) return null;
  return { kind: "wrong-tool", because: `tool_calls.accuracy is ${Number(accuracy.toPrecision(3))}` };
}

function isUnmet({ goldenCase: { expect } }: FailedTrial, trace: Trace): boolean {
  const { toolCalls, toolCallsMode, tools } = expect;
  if (toolCalls === null) return false;
  const made = trace.toolCalls.map((call) => ({ ...call, isMalformed: false }));
  return toolCallAgreement(toolCalls, made, toolCallsMode, tools) !== 1;
}

function expectedCalls(
  wanted: readonly ExpectedToolCall[],
  { goldenCase }: FailedTrial,
  trace: Trace,
): Failure {
  const tool = (because: string): Failure => ({ kind: "wrong-tool", because });
  const names = wanted.map(({ name }) => name);
  const made = trace.toolCalls.map(({ name }) => name);
  if (names.length === 0) return tool(`called ${made[0] ?? "a tool"}, and no call was expected`);
  const missing = without(names, made);
  if (missing[0] !== undefined) return tool(`never called ${missing[0]}`);
  const mode = goldenCase.expect.toolCallsMode;
  const extra = without(made, names);
  if (mode !== "subset" && mode !== "ordered" && extra[0] !== undefined)
    return tool(`also called ${extra[0]}`);
  if ((mode === "exact" || mode === "ordered") && !isInOrder(names, made))
    return tool("called the tools in another order");
  return { kind: "wrong-arguments", because: `called ${listed(names)} with other arguments` };
}

/** What changed the state is compared with what should have: reading calls may be any. */
function finalState(actions: readonly ExpectedToolCall[], trace: Trace): Failure {
  const names = actions.map(({ name }) => name);
  const made = trace.toolCalls.filter((call) => call.result !== null && !call.isError);
  const missing = without(
    names,
    made.map(({ name }) => name),
  );
  if (missing[0] !== undefined) return { kind: "wrong-tool", because: `${missing[0]} was not carried out` };
  const extra = without(
    made.filter(({ sideEffect }) => sideEffect).map(({ name }) => name),
    names,
  );
  if (extra[0] !== undefined) return { kind: "wrong-tool", because: `also carried out ${extra[0]}` };
  return { kind: "wrong-arguments", because: "the same actions left another state" };
}

/** Calls that no tool could read, none of which was made good later. */
function badForm(trace: Trace): Failure | null {
  const refused = trace.guardrails.some(({ rule, action }) => rule === "tool.schema" && action === "block");
  if (!refused) return null;
  const last = trace.toolCalls.at(-1);
  return last === undefined || last.isError
    ? { kind: "wrong-arguments", because: "the arguments of a call do not fit its schema" }
    : null;
}

/** Names of the first list that the second lacks, each as often as it lacks it. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return names.filter((name) => {
    const place = left.indexOf(name);
    if (place < 0) return true;
    left.splice(place, 1);
    return false;
  });
}

function isInOrder(names: readonly string[], made: readonly string[]): boolean {
  let next = 0;
  for (const name of made) if (name === names[next]) next += 1;
  return next === names.length;
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length > 3 ? `${unique.slice(0, 3).join(", ")} and others` : unique.join(", ");
}
