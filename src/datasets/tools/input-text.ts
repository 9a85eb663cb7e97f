import type { CaseInput } from "../../core/golden-case.js";

/** All that the user says or is told to want, one part a line. */
export function inputText(input: CaseInput): string {
  switch (input.kind) {
    case "text":
      return input.text;
    case "messages":
      return input.messages.map((message) => message.content).join("\n");
    case "user":
      return [input.goal, ...(input.script ?? [])].join("\n");
  }
}
