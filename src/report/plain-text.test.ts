import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown.js";
import { plainText } from "./plain-text.js";
import { sampleReport } from "./testing/report-samples.js";

/** Marks that reorder, break or hide text, by code point. */
const MARKS = [
  0x61c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202d, 0x202e, 0x2060, 0x2066, 0x2069,
  0xfeff, 0xe0041,
].map((point) => String.fromCodePoint(point));

test.each(MARKS)("%j does not survive", (mark) => {
  expect(plainText(`pay${mark}pal`)).not.toContain(mark);
});

test("a line separator is a new line; the others leave a trace", () => {
  expect(plainText("a\u2028b\u2029c\u200bd\u202ee")).toBe("a\nb\nc\ufffdd\ufffde");
});

test("a joiner stays in an emoji and between letters that it shapes, not beside ASCII", () => {
  const kept = "👩\u200d🚀 می\u200cخواهم क्\u200dष";
  expect(plainText(kept)).toBe(kept);
  expect(plainText("pay\u200dpal \u200c")).toBe("pay\ufffdpal \ufffd");
});

test("applied again it changes nothing", () => {
  const texts = fc.string({
    unit: fc.constantFrom(...MARKS, "a", "é", "\u200d", "\r", "\n", "👩", "\ud83d"),
  });
  fc.assert(fc.property(texts, (text) => plainText(plainText(text)) === plainText(text)));
});

test("the Markdown report shows none of them, in ids, tables or folded details", () => {
  const mark = MARKS.join("x");
  const report = sampleReport();
  const text = renderMarkdown({
    ...report,
    cases: report.cases.map((one) => ({
      ...one,
      goldenCase: { ...one.goldenCase, id: `${one.goldenCase.id}${mark}`, tags: [mark] },
      trials: one.trials.map((trial) => ({ ...trial, answer: mark, failures: [mark] })),
    })),
    gate: report.gate === null ? null : { ...report.gate, reasons: [mark] },
  });
  expect(text).toContain("<pre>");
  for (const one of MARKS) expect(text).not.toContain(one);
});
