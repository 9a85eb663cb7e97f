import { describe, expect, test } from "vitest";
import type { ConfigError } from "../../core/errors.js";
import { checkAgainstSchema } from "../../metrics/generation/json-schema-checker.js";
import { parseAgentFile } from "../parse-agent-file.js";

/** An agent file whose `model` block ends with some lines; the first of them is line 9. */
function agentFile(lines: string): string {
  return `name: support
prompt:
  version: "1"
  text: Answer.
limits:
  max_steps: 3
model:
  provider: openai
${lines}
  name: gpt-4o
`;
}

function parse(lines: string) {
  return parseAgentFile(agentFile(lines), "a.yaml", {
    providers: ["openai", "anthropic", "scripted"],
    schemaProblem: (schema) => {
      const finding = checkAgainstSchema(schema, null);
      return finding.kind === "unusable" ? finding.problem : null;
    },
  });
}

describe("mistakes in the resilience of a model", () => {
  test.each([
    ["an empty limit", "  limits: {}", "a.yaml:9", /at least one of `requests_per_minute`/],
    [
      "a mistyped limit",
      "  limits:\n    request_per_minute: 5",
      "a.yaml:10",
      /did you mean `requests_per_minute`/,
    ],
    ["a rate of 0", "  limits: { tokens_per_minute: 0 }", "a.yaml:9", /more than 0/],
    ["a share above 1", "  breaker:\n    failure_rate: 50", "a.yaml:10", /at most 1/],
    ["waits in the wrong order", "  retry: { base_delay_ms: 9, max_delay_ms: 5 }", "a.yaml:9", /not above/],
    [
      "a second call that comes too late",
      "  timeout_ms: 500\n  hedge:\n    after_ms: 500",
      "a.yaml:11",
      /lower it/,
    ],
    ["no fallbacks", "  fallbacks: []", "a.yaml:9", /at least 1 item/],
    [
      "an unknown provider of a fallback",
      "  fallbacks:\n    - name: m\n      provider: antropic",
      "a.yaml:11",
      /did you mean `anthropic`/,
    ],
    [
      "a fallback of a fallback",
      "  fallbacks:\n    - provider: openai\n      name: m\n      fallbacks: []",
      "a.yaml:12",
      /unknown key `fallbacks` in `model.fallbacks\[0\]`; known keys/,
    ],
    [
      "a schema that is none",
      "  output:\n    schema: { type: objekt }",
      "a.yaml:10",
      /no JSON Schema that can be used.*correct it/,
    ],
    ["a schema that is missing", "  output: { repair: true }", "a.yaml:9", /schema/],
  ])("%s has its line and what to do", (_name, lines, place, expected) => {
    try {
      parse(lines);
    } catch (error) {
      const { message } = error as ConfigError;
      expect(message).toContain(place);
      expect(message).toMatch(expected);
      return;
    }
    expect.unreachable("the file was accepted");
  });
});

test("nothing stands between an agent and its model unless the file says so", () => {
  const { model } = parse("  max_tokens: 5");
  for (const key of ["fallbacks", "breaker", "limits", "hedge", "output", "retry"]) {
    expect(model).not.toHaveProperty(key);
  }
});

test("a breaker and a fallback have defaults of their own", () => {
  const { model } = parse("  breaker: {}\n  fallbacks: [{ provider: scripted, name: s.yaml }]");
  expect(model.breaker).toEqual({ failure_rate: 0.5, min_calls: 5, window_ms: 30_000, open_ms: 15_000 });
  expect(model.fallbacks?.[0]).toMatchObject({ max_retries: 2, timeout_ms: 60_000, stream: true });
});
