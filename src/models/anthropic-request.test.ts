import { expect, test } from "vitest";
import { anthropicRequestBody, DEFAULT_MAX_TOKENS } from "./anthropic-request.js";

test("puts system prompts apart and merges tool results with the user message that follows", () => {
  const body = anthropicRequestBody("m", {
    messages: [
      { role: "system", content: "Policy." },
      { role: "user", content: "Cancel both." },
      {
        role: "assistant",
        content: "",
        toolCalls: [
          { id: "a", name: "cancel", arguments: { id: "1" } },
          { id: "b", name: "cancel", arguments: {}, malformedArguments: "{" },
        ],
      },
      { role: "tool", toolCallId: "a", name: "cancel", content: "done" },
      { role: "tool", toolCallId: "b", name: "cancel", content: "Error: arguments are not JSON" },
      { role: "user", content: "Thanks." },
      { role: "assistant", content: "Anything else?" },
      { role: "assistant", content: null },
      { role: "user", content: "No." },
    ],
    tools: [{ name: "cancel", description: "Cancels.", parameters: { properties: { id: {} } } }],
    parameters: { topP: 0.5, seed: 3 },
    position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
  });
  expect(body).toEqual({
    model: "m",
    max_tokens: DEFAULT_MAX_TOKENS,
    top_p: 0.5,
    system: "Policy.",
    tools: [
      { name: "cancel", description: "Cancels.", input_schema: { type: "object", properties: { id: {} } } },
    ],
    messages: [
      { role: "user", content: [{ type: "text", text: "Cancel both." }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "a", name: "cancel", input: { id: "1" } },
          { type: "tool_use", id: "b", name: "cancel", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "done" },
          { type: "tool_result", tool_use_id: "b", content: "Error: arguments are not JSON" },
          { type: "text", text: "Thanks." },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "Anything else?" }] },
      { role: "user", content: [{ type: "text", text: "No." }] },
    ],
  });
});
