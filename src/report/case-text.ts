import type { CaseInput, ExpectedToolCall, GoldenCase } from "../core/golden-case.js";

/** What the user says in a case, as one text. */
export function inputText(input: CaseInput): string {
  switch (input.kind) {
    case "text":
      return input.text;
    case "messages":
      return input.messages.map((message) => `${message.role}: ${message.content}`).join("\n");
    case "user":
      return [input.goal, ...(input.script ?? []).map((line) => `user: ${line}`)].join("\n");
  }
}

/** What a good answer looks like, one line for each thing that is expected; empty when nothing is. */
export function expectationLines({ expect }: GoldenCase): string[] {
  const lines: string[] = [];
  const list = (label: string, values: readonly string[]) => {
    if (values.length > 0) lines.push(`${label} ${values.map((value) => JSON.stringify(value)).join(", ")}`);
  };
  list("includes", expect.mustInclude);
  list("does not include", expect.mustNotInclude);
  if (expect.sources.length > 0) lines.push(`rests on ${expect.sources.join(", ")}`);
  if (expect.answer !== null) lines.push(`answers like ${JSON.stringify(expect.answer)}`);
  if (expect.schema !== undefined) lines.push(`is JSON that satisfies ${JSON.stringify(expect.schema)}`);
  if (expect.refusal !== null) lines.push(expect.refusal ? "declines" : "does not decline");
  if (expect.toolCalls !== null) {
    lines.push(
      expect.toolCalls.length === 0
        ? "calls no tool"
        : `calls (${expect.toolCallsMode}) ${expect.toolCalls.map(callText).join(", ")}`,
    );
  }
  if (expect.state !== null) {
    const actions = expect.state.actions.map(callText).join(", ");
    lines.push(
      actions === "" ? "leaves the state as it was" : `leaves the state that follows from ${actions}`,
    );
  }
  list("tells the user", expect.outputs);
  return lines;
}

function callText(call: ExpectedToolCall): string {
  return `${call.name}(${JSON.stringify(call.args)})`;
}
