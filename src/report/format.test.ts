import { describe, expect, it } from "vitest";
import { formatAgainst, formatQuantity } from "../core/quantity.js";
import { sampleCase } from "../store/testing/store-samples.js";
import { expectationLines, inputText } from "./case-text.js";
import { formatDuration, traceCommand } from "./format.js";
import { clip, oneLine, plainText } from "./plain-text.js";
import { wrap } from "./text-style.js";

it.each([
  [0, "0 ms"],
  [12.5, "12.5 ms"],
  [999.4, "999 ms"],
  [999.6, "1.00 s"],
  [59_994, "59.99 s"],
  [59_996, "1 min 00 s"],
  [3_599_600, "1 h 00 min"],
  [7_265_000, "2 h 01 min"],
])("writes %d ms as %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  [0.873456, "proportion", "0.8735"],
  [1, "proportion", "1"],
  [0, "count", "0"],
  [123_456.7, "ms", "123457 ms"],
  [3500.4, "ms", "3500 ms"],
  [0.00001234, "usd", "$0.00001234"],
  [-0.5, "usd", "-$0.5"],
  [1_000_000, "tokens", "1000000"],
] as const)("writes %d %s as %s", (value, unit, text) => {
  expect(formatQuantity(value, unit)).toBe(text);
});

it("never shows a value as equal to the threshold that it misses", () => {
  expect(formatAgainst(0.8499999, 0.85, "proportion")).toBe("0.8499999");
  expect(formatAgainst(3500.01, 3500, "ms")).toBe("3500.01 ms");
  expect(formatAgainst(0.85, 0.85, "proportion")).toBe("0.85");
});

describe("texts of users and agents", () => {
  it("lose their control characters and direction marks", () => {
    expect(plainText("a\u001b[2Jb\r\nc\u202ed\td")).toBe("a\ufffd[2Jb\nc\ufffdd\td");
  });

  it("are cut after whole characters", () => {
    expect(clip("🙂🙂🙂", 3)).toBe("🙂🙂🙂");
    expect(clip("🙂🙂🙂🙂", 3)).toBe("🙂🙂…");
    expect(oneLine("  a\n b ", 10)).toBe("a b");
  });

  it("are quoted for the shell in the trace command", () => {
    expect(traceCommand("r1", "case-1", 0)).toBe("agentctl trace r1 case-1");
    expect(traceCommand("r1", "it's; rm -rf", 2)).toBe("agentctl trace r1 'it'\\''s; rm -rf' --trial 2");
    expect(traceCommand("r1", "-x", 0)).toBe("agentctl trace -- r1 -x");
  });

  it("are wrapped at spaces", () => {
    expect(wrap("aa bb cccccc d", 5)).toEqual(["aa bb", "cccccc", "d"]);
    expect(wrap("", 5)).toEqual([]);
  });
});

describe("case text", () => {
  const { expect: nothing } = sampleCase("x", {
    expect: { ...sampleCase("x").expect, mustInclude: [] },
  });

  it.each([
    [{}, []],
    [{ mustInclude: ["a"], mustNotInclude: ["b", "c"] }, ['includes "a"', 'does not include "b", "c"']],
    [{ refusal: true }, ["declines"]],
    [{ refusal: false }, ["does not decline"]],
    [{ toolCalls: [] }, ["calls no tool"]],
    [{ state: { actions: [] } }, ["leaves the state as it was"]],
    [
      { state: { actions: [{ name: "cancel", args: { id: 1 } }] } },
      ['leaves the state that follows from cancel({"id":1})'],
    ],
    [{ schema: { type: "object" } }, ['is JSON that satisfies {"type":"object"}']],
    [{ answer: "yes", sources: ["doc"] }, ["rests on doc", 'answers like "yes"']],
  ])("names what is expected: %o", (changes, lines) => {
    expect(expectationLines(sampleCase("x", { expect: { ...nothing, ...changes } }))).toEqual(lines);
  });

  it("shows a conversation and a simulated user", () => {
    const messages = [
      { role: "user" as const, content: "hi" },
      { role: "assistant" as const, content: "hello" },
    ];
    expect(inputText({ kind: "messages", messages })).toBe("user: hi\nassistant: hello");
    expect(inputText({ kind: "user", goal: "cancel", script: ["please"] })).toBe("cancel\nuser: please");
  });
});
