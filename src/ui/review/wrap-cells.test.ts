import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellsOf, clipCells, wrapCells } from "./wrap-cells.js";

describe("wrapCells", () => {
  it.each([
    ["one two three", 7, ["one two", "three"]],
    ["  indented line goes on", 12, ["  indented", "line goes on"]],
    ["a\n\nb", 5, ["a", "", "b"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["日本語の文章", 6, ["日本語", "の文章"]],
    ["", 5, [""]],
  ])("breaks %j at %i", (text, width, lines) => {
    expect(wrapCells(text, width)).toEqual(lines);
  });

  it("keeps every character that is no space, and never exceeds the width", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrapCells(text, width);
        expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("cellsOf", () => {
  it.each([
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["漢", 2],
    ["👩‍👩‍👧", 2],
    ["─▏→", 3],
  ])("%j takes %i", (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });
});

describe("clipCells", () => {
  it("says with an ellipsis that something is missing", () => {
    expect(clipCells("a longer text", 8)).toBe("a longe…");
    expect(clipCells("short", 8)).toBe("short");
  });
});
