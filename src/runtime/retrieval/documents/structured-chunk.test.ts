import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { document } from "../testing/make-retriever.js";
import { countWords } from "./sections.js";
import { chunkByStructure } from "./structured-chunk.js";

const textsOf = (body: string, maxWords: number, overlapWords = 0) =>
  chunkByStructure(document("doc", body), { maxWords, overlapWords }).map(({ text }) => text);

describe("chunkByStructure", () => {
  it("cuts a table between rows and keeps its head on every part", () => {
    const table = "| plan | price |\n|---|---|\n| basic | 5 |\n| plus | 9 |\n| pro | 19 |";
    expect(textsOf(table, 12)).toEqual([
      "| plan | price |\n|---|---|\n| basic | 5 |",
      "| plan | price |\n|---|---|\n| plus | 9 |",
      "| plan | price |\n|---|---|\n| pro | 19 |",
    ]);
  });

  it("cuts code between lines, each part in its fence, blank lines and headings within", () => {
    const code = "```sh\n# not a heading\nrun one\n\nrun two\nrun three\n```";
    expect(textsOf(code, 8)).toEqual([
      "```sh\n# not a heading\nrun one\n```",
      "```sh\nrun two\nrun three\n```",
    ]);
    expect(textsOf(`${code}\n\nAfter.`, 50)).toEqual([`${code}\n\nAfter.`]);
  });

  it("keeps a longer fence open over a shorter one", () => {
    const nested = "````md\n```\n# inner\n```\n````\n\n# Outer\n\nText.";
    const chunks = chunkByStructure(document("doc", nested), { maxWords: 6, overlapWords: 0 });
    expect(chunks.map(({ headings, text }) => [headings, text])).toEqual([
      [[], "````md\n```\n# inner\n```\n````"],
      [["Outer"], "Text."],
    ]);
  });

  it("cuts a list between items, with what is indented below them", () => {
    const list = "- one two\n  more of it\n\n- three four\n- five six";
    expect(textsOf(list, 7)).toEqual(["- one two\n  more of it", "- three four\n- five six"]);
  });

  it("repeats the last sentences as far as they fit, but no table", () => {
    const text = "One two three. Four five. Six seven eight. Nine ten.";
    expect(textsOf(text, 6, 0)).toEqual(["One two three. Four five.", "Six seven eight. Nine ten."]);
    expect(textsOf("One two three. Four five.\n\nSix seven eight.", 6, 3)).toEqual([
      "One two three. Four five.",
      "Four five.\n\nSix seven eight.",
    ]);
    expect(textsOf("| a |\n|---|\n| b |\n\nSix seven eight nine.", 9, 4)[1]).toBe("Six seven eight nine.");
  });

  it("loses no word, keeps the limit and leaves no chunk empty, whatever the text", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "",
        "# Head",
        "## Sub head",
        "```",
        "~~~~",
        "| a | b |",
        "|---|---|",
        "- item",
        "  more",
        "1. one",
      ),
      fc
        .array(fc.constantFrom("alpha", "beta.", "gamma!", "|", "x".repeat(30)), {
          minLength: 1,
          maxLength: 20,
        })
        .map((w) => w.join(" ")),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (lines, maxWords, share) => {
          const body = lines.join("\n");
          const chunks = textsOf(body, maxWords, Math.floor(maxWords * share));
          for (const text of chunks) {
            expect(countWords(text)).toBeLessThanOrEqual(maxWords);
            expect(text.trim()).not.toBe("");
          }
          const words = (text: string) => text.match(/alpha|beta|gamma|x{30}/g) ?? [];
          const found = new Map<string, number>();
          for (const word of words(chunks.join("\n"))) found.set(word, (found.get(word) ?? 0) + 1);
          const wanted = new Map<string, number>();
          for (const word of words(body)) wanted.set(word, (wanted.get(word) ?? 0) + 1);
          for (const [word, count] of wanted) expect(found.get(word) ?? 0).toBeGreaterThanOrEqual(count);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("refuses sizes out of range", () => {
    for (const [maxWords, overlapWords] of [
      [0, 0],
      [1.5, 0],
      [10, 6],
      [10, -1],
      [10, 0.5],
    ] as const) {
      expect(() => textsOf("x", maxWords, overlapWords)).toThrow(RangeError);
    }
  });
});
