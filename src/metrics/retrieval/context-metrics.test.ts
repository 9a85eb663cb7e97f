import { describe, expect, it } from "vitest";
import { inputOf } from "../testing/trial-builder.js";
import { contextRecall, contextRelevance } from "./context-metrics.js";

const fees = ["fees", "The Plus plan costs $10 per  Month."] as const;
const other = ["press", "We moved to a new office."] as const;

describe("context recall", () => {
  it("is the share of expected phrases that one retrieved passage holds", () => {
    const expectation = { mustInclude: ["$10 per month", "cancel any time"] };
    const input = inputOf({ expect: expectation, retrievals: [[other], [fees]] });
    expect(contextRecall.score(input)).toEqual({ value: 0.5, detail: 'not retrieved: "cancel any time"' });
  });

  it("does not put a phrase together from two passages", () => {
    const input = inputOf({ expect: { mustInclude: ["office. The Plus"] }, retrievals: [[other, fees]] });
    expect(contextRecall.score(input)).toMatchObject({ value: 0 });
  });

  it("is 0 for an empty retrieval, and null without phrases, retrieval or texts", () => {
    const expectation = { mustInclude: ["$10"] };
    expect(contextRecall.score(inputOf({ expect: expectation, retrievals: [[]] }))).toMatchObject({
      value: 0,
    });
    expect(contextRecall.score(inputOf({ expect: expectation }))).toMatchObject({ value: null });
    expect(contextRecall.score(inputOf({ retrievals: [[fees]] }))).toMatchObject({ value: null });
    expect(contextRecall.score(inputOf({ expect: expectation, retrievals: [[["fees", ""]]] }))).toMatchObject(
      { value: null, reason: "the trace holds no text of the retrieved passages" },
    );
  });
});

describe("context relevance", () => {
  it("is the share of passages of expected sources, each passage once", () => {
    const input = inputOf({ expect: { sources: ["fees"] }, retrievals: [[fees, other], [fees]] });
    expect(contextRelevance.score(input)).toEqual({ value: 0.5 });
  });

  it("goes by phrases only where the case states no sources", () => {
    const retrievals = [[fees, other, ["faq", "Also $10 per month."] as const]];
    const phrases = { mustInclude: ["$10 per month"] };
    expect(contextRelevance.score(inputOf({ expect: phrases, retrievals }))).toEqual({ value: 2 / 3 });
    expect(
      contextRelevance.score(inputOf({ expect: { ...phrases, sources: ["fees"] }, retrievals })),
    ).toEqual({ value: 1 / 3 });
  });

  it("is 0 for an empty retrieval, and null where nothing says what is relevant", () => {
    expect(contextRelevance.score(inputOf({ expect: { sources: ["fees"] }, retrievals: [[]] }))).toEqual({
      value: 0,
    });
    expect(contextRelevance.score(inputOf({ retrievals: [[fees]] }))).toMatchObject({ value: null });
    expect(contextRelevance.score(inputOf({ expect: { sources: ["fees"] } }))).toMatchObject({ value: null });
  });
});
