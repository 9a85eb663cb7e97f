import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkDocument } from "./chunk.js";
import type { KnowledgeDocument } from "./documents.js";

function document(body: string): KnowledgeDocument {
  return { id: "doc", title: "Guide", updated: "", status: "current", supersededBy: null, body };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

describe("chunkDocument", () => {
  const body =
    "# Guide\n\nIntro line.\n\n## Setup\n\nPlug it in.\n\n### Wi-Fi\n\nUse 2.4 GHz.\n\n## Care\n\nKeep it dry.\n";

  it("keeps neighbouring sections together while they fit, with their headings", () => {
    const [chunk, ...rest] = chunkDocument(document(body), 100);
    expect(rest).toEqual([]);
    expect(chunk?.chunkId).toBe("doc#1");
    expect(chunk?.headings).toEqual([]);
    expect(chunk?.text).toBe(
      "Intro line.\n\n## Setup\n\nPlug it in.\n\n## Setup > Wi-Fi\n\nUse 2.4 GHz.\n\n## Care\n\nKeep it dry.",
    );
  });

  it("cuts at headings when they do not fit and carries the heading path", () => {
    const chunks = chunkDocument(document(body), 4);
    expect(chunks.map(({ chunkId, headings, text }) => [chunkId, headings, text])).toEqual([
      ["doc#1", [], "Intro line."],
      ["doc#2", ["Setup"], "Plug it in."],
      ["doc#3", ["Setup", "Wi-Fi"], "Use 2.4 GHz."],
      ["doc#4", ["Care"], "Keep it dry."],
    ]);
  });

  it("cuts a long section between paragraphs, list items and sentences", () => {
    const long =
      "One two three.\n\n- four five\n- six seven\n- eight nine\n\nTen eleven. Twelve thirteen. Fourteen fifteen.";
    expect(chunkDocument(document(long), 5).map(({ text }) => text)).toEqual([
      "One two three.",
      "- four five",
      "- six seven",
      "- eight nine\n\nTen eleven.".split("\n\n")[0],
      "Ten eleven. Twelve thirteen.",
      "Fourteen fifteen.",
    ]);
  });

  it("takes no heading from a code block", () => {
    const fenced = "## Script\n\n```\n# not a heading\nrun\n```\n";
    expect(chunkDocument(document(fenced), 50)).toMatchObject([
      { headings: ["Script"], text: "```\n# not a heading\nrun\n```" },
    ]);
  });

  it("refuses a size below one", () => {
    expect(() => chunkDocument(document("x"), 0)).toThrow(RangeError);
    expect(() => chunkDocument(document("x"), 1.5)).toThrow(RangeError);
  });

  it("keeps every word in order, no chunk empty or too long, whatever the text", () => {
    const part = fc.constantFrom(
      "word",
      "two words.",
      "\n\n",
      "\n## Heading\n",
      "\n- item",
      "\n1. first",
      "\n```\n",
      "# ",
      "é. Ü",
    );
    const anyBody = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(anyBody, fc.integer({ min: 1, max: 40 }), (text, maxWords) => {
        const chunks = chunkDocument(document(text), maxWords);
        for (const chunk of chunks) {
          expect(countWords(chunk.text)).toBeGreaterThan(0);
          expect(countWords(chunk.text)).toBeLessThanOrEqual(maxWords);
        }
        const bare = (content: string) => content.match(/word|words\.|item|first|é\.|Ü/g) ?? [];
        const withoutHeadings = text.includes("#") || text.includes("`") ? null : bare(text);
        if (withoutHeadings !== null)
          expect(chunks.flatMap((chunk) => bare(chunk.text))).toEqual(withoutHeadings);
        expect(chunks.map(({ chunkId }) => chunkId)).toEqual(chunks.map((_, index) => `doc#${index + 1}`));
      }),
    );
  });
});
