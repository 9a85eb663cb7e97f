import { expect, it } from "vitest";
import type { TrialRow } from "../metrics/metric.js";
import { RowReader, RowWriter } from "./row-text.js";

function row(caseId: string): TrialRow {
  return {
    caseId,
    group: caseId,
    trial: 0,
    status: "completed",
    errorCode: null,
    durationMs: 1,
    untimed: null,
    costUsd: 0,
    samples: { turn_ms: [1, 2] },
    scores: {
      a: { value: 1 },
      b: { value: null, reason: "no sources" },
      c: { value: 1, detail: "two of two" },
      d: { value: null, reason: "no phrases" },
    },
  };
}

/** Gives each word a number, up to as many. */
function vocabulary(most: number) {
  const words: string[] = [];
  const numberOf = (word: string) => {
    if (!words.includes(word) && words.length < most) words.push(word);
    return words.includes(word) ? words.indexOf(word) : null;
  };
  return { words, numberOf, wordOf: (number: number) => words[number] as string };
}

it.each([0, 1, 2, 9])("gives rows back as they were, equal scores as one object (%i words)", (most) => {
  const { numberOf, wordOf } = vocabulary(most);
  const reader = new RowReader(wordOf);
  const writer = new RowWriter();
  const first = reader.read(writer.textOf(row("x"), numberOf));
  const second = reader.read(writer.textOf(row("y"), numberOf));
  expect(first).toEqual(row("x"));
  expect(second).toEqual(row("y"));
  expect(Object.keys(second.scores)).toEqual(["a", "b", "c", "d"]);
  expect(second.scores.a).toBe(first.scores.a);
  expect(second.scores.b).toBe(first.scores.b);
});

it("does not repeat what has a number", () => {
  const { words, numberOf } = vocabulary(9);
  const text = new RowWriter().textOf(row("x"), numberOf);
  expect(words.sort()).toEqual(['["a","b","c","d"]', "no phrases", "no sources"]);
  expect(text).not.toMatch(/no sources|no phrases|"a"/);
});

it("reads rows without scores, and with other ones than the row before", () => {
  const { numberOf, wordOf } = vocabulary(9);
  const bare = { ...row("x"), scores: {} };
  const other = { ...row("x"), scores: { a: { value: 1 }, e: { value: 2 } } };
  const writer = new RowWriter();
  for (const one of [bare, row("x"), bare, other, row("y")]) {
    expect(new RowReader(wordOf).read(writer.textOf(one, numberOf))).toEqual(one);
  }
});

it("reads rows of earlier versions, which hold scores by name, whole or as value, reason or both", () => {
  const reader = new RowReader(vocabulary(0).wordOf);
  const scores = { a: 1, b: "no sources", c: [1, "two of two"], d: "no phrases" };
  expect(reader.read(JSON.stringify({ ...row("x"), scores }))).toEqual(row("x"));
  expect(reader.read(JSON.stringify(row("x")))).toEqual(row("x"));
});
