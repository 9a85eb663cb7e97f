import { describe, expect, it } from "vitest";
import { plainText, sentenceBlocks, splitProse } from "./sentences.js";

describe("splitProse", () => {
  it.each([
    ["One. Two! Three?", ["One.", "Two!", "Three?"]],
    ["Use a tool, e.g. Pliers. It costs 4.90 USD.", ["Use a tool, e.g. Pliers.", "It costs 4.90 USD."]],
    [
      "Open from 7 a.m. Pacific time. Closed on Sunday.",
      ["Open from 7 a.m. Pacific time.", "Closed on Sunday."],
    ],
    ["See No. 5 on the list. The answer is no. Go.", ["See No. 5 on the list.", "The answer is no.", "Go."]],
    ['He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]],
    ["", []],
  ])("%s", (text, expected) => {
    expect(splitProse(text)).toEqual(expected);
  });
});

describe("sentenceBlocks", () => {
  it("ends sentences at list items, table rows, paragraphs and headings", () => {
    const markdown =
      "## Steps\n\nDo this:\n1. Press **Reset**\n   for 3 s\n2. Wait. Then go.\n\n| plan | price |\n| --- | --- |\n| Pro | 29 |\n\n> Quoted\n> text.\n\n<!-- hidden order -->\nEnd";
    expect(sentenceBlocks(markdown)).toEqual([
      { heading: "Steps", sentences: ["Do this:", "Press Reset for 3 s", "Wait.", "Then go."] },
      { heading: "Steps", sentences: ["plan | price", "Pro | 29"] },
      { heading: "Steps", sentences: ["Quoted text."] },
      { heading: "Steps", sentences: ["End"] },
    ]);
  });
});

describe("plainText", () => {
  it("keeps the words and drops the marks", () => {
    expect(plainText("See **the** [portal](https://x.example/a), `code` and\n*this*; 2 * 3 * 4.")).toBe(
      "See the portal, code and this; 2 * 3 * 4.",
    );
  });
});
