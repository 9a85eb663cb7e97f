import { describe, expect, it } from "vitest";
import { DatasetError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import { DatasetBuilder } from "./dataset-builder.js";

function read(expectation: unknown): GoldenCase {
  const builder = new DatasetBuilder("golden.jsonl");
  builder.addLine(1, JSON.stringify({ id: "a", input: "q", expect: expectation }));
  return builder.finish("golden").cases[0]!;
}

function problem(expectation: unknown): string {
  try {
    read(expectation);
  } catch (error) {
    if (error instanceof DatasetError) return error.message;
    throw error;
  }
  return "";
}

describe("expected tool calls", () => {
  it("keep what they state of their arguments, and nothing else", () => {
    const call = {
      name: "book",
      args: { city: ["NYC", ""] },
      args_mode: "any_of",
      tolerance: 0.5,
      args_schema: {},
    };
    const tools = [{ name: "book", parameters: { type: "object" } }];
    const { expect: found } = read({ tool_calls: [call, { name: "pay" }], tools });
    expect(found.toolCalls).toEqual([
      { name: "book", args: { city: ["NYC", ""] }, argsMode: "any_of", tolerance: 0.5, argsSchema: {} },
      { name: "pay", args: {} },
    ]);
    expect(found.tools).toEqual(tools);
  });

  it("have a hash that is the content's, with and without the new keys", () => {
    for (const expectation of [
      { tool_calls: [{ name: "pay" }] },
      { tool_calls: [{ name: "pay", args_mode: "regex", args: { to: "A.*" } }], tools: [{ name: "pay" }] },
    ]) {
      const { line: _line, hash, ...content } = read(expectation);
      expect(hash).toBe(contentHash(content));
    }
  });

  it.each([
    [{ name: "f", args: { a: "x" }, args_mode: "any_of" }, "wants the list of acceptable values"],
    [{ name: "f", args: { a: [] }, args_mode: "any_of" }, "wants the list of acceptable values"],
    [{ name: "f", args: { a: "(" }, args_mode: "regex" }, "wants a regular expression"],
    [{ name: "f", tolerance: -1 }, "tolerance"],
    [{ name: "f", args_mode: "fuzzy" }, "args_mode"],
  ])("are refused: %j", (call, message) => {
    expect(problem({ tool_calls: [call] })).toContain(message);
  });

  it("have modes, gold actions have none", () => {
    expect(problem({ state: { actions: [{ name: "f", args_mode: "subset" }] } })).toContain("args_mode");
  });
});
