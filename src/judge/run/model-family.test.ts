import { expect, it } from "vitest";
import { modelFamily, selfPreference } from "./model-family.js";

it.each([
  ["openai/gpt-4.1-mini", "gpt"],
  ["openai/o3-mini", "gpt"],
  ["openai/chatgpt-4o-latest", "gpt"],
  ["anthropic/claude-sonnet-4", "claude"],
  ["anthropic/next", "claude"],
  ["imported/gemini-2.5-pro", "gemini"],
  ["openai/meta-llama/Llama-3.1-70B-Instruct", "llama"],
  ["openai/mixtral-8x7b", "mistral"],
  ["openai/Qwen2.5-72B", "qwen"],
  ["openai/deepseek-chat", "deepseek"],
  ["openai/DeepSeek-R1-Distill-Llama-70B", "llama"],
  ["openai/my-own-model", null],
  ["embedded/embedded-v1", null],
  ["scripted/solo3-judge", null],
  ["gpt-4", "gpt"],
])("%s is of %s", (model, family) => {
  expect(modelFamily(model)).toBe(family);
});

it("names what judge and agent have in common", () => {
  expect(selfPreference("openai/gpt-4.1", "imported/gpt-4o")).toContain("its own family (gpt)");
  expect(selfPreference("openai/own", "openai/own")).toBe("openai/own judges its own answers");
  expect(selfPreference("anthropic/claude-4", "openai/gpt-4.1")).toBeNull();
  expect(selfPreference("openai/own", "openai/another")).toBeNull();
});
