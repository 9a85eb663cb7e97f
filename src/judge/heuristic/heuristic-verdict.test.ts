import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JudgeConfig, judgeSchema } from "../../config/judge/judge-schema.js";
import { categoriesOf } from "../../config/judge/scale-categories.js";
import type { Subject } from "../../core/judgement.js";
import { bareSubject } from "../bare-subject.js";
import { heuristicVerdict } from "./heuristic-verdict.js";
import { labelOfScore } from "./label-of-score.js";

const scales = {
  binary: { kind: "binary", fail: "bad", pass: "fine" },
  ordinal: { kind: "ordinal", levels: [1, 2, 3, 4, 5].map((value) => ({ value, anchor: `grade ${value}` })) },
  claims: { kind: "claims", question: "faithfulness" },
  categorical: {
    kind: "categorical",
    categories: ["off", "on", "half"].map((value) => ({ value, meaning: value })),
    good: ["on"],
  },
  pairwise: { kind: "pairwise" },
} as const;

type Heuristic = NonNullable<JudgeConfig["heuristic"]>;

function judge(heuristic: Heuristic, kind: keyof typeof scales, rest: object = {}): JudgeConfig {
  return judgeSchema.parse({
    version: 1,
    name: "baseline",
    rubric: { version: "1", text: "Is it good?" },
    scale: scales[kind],
    reads: ["question", "conversation", "documents", "tools", "answer"],
    heuristic,
    ...rest,
  });
}

const fees =
  "Changing a flight costs 75 dollars. Refunds are not available for basic economy tickets after departure.";

function subject(given: Partial<Subject>): Subject {
  return bareSubject({
    item: "one",
    question: "What does changing a flight cost?",
    documents: [{ id: "fees", title: null, text: fees }],
    ...given,
  });
}

function verdict(
  heuristic: Heuristic,
  kind: keyof typeof scales,
  given: Partial<Subject>,
  rest: object = {},
) {
  return heuristicVerdict(heuristic, subject(given), judge(heuristic, kind, rest));
}

describe("lexical_faithfulness", () => {
  const right = "Changing a flight costs 75 dollars.";
  const wrongFigure = "Changing a flight costs 50 dollars.";
  const invented = "Lounge visits include unlimited sparkling lemonade.";

  it("finds what a document says", () => {
    expect(verdict("lexical_faithfulness", "claims", { answer: right })).toEqual({
      value: "yes",
      share: 1,
      word: "yes",
      reasoning: "supported claims: 1 of 1",
    });
  });

  it.each([
    ["another figure", wrongFigure],
    ["an invention", invented],
    ["a negation left out", "Refunds are available for basic economy tickets."],
    ["a negation put in", "Changing a flight does not cost 75 dollars."],
  ])("does not support %s", (_, answer) => {
    expect(verdict("lexical_faithfulness", "claims", { answer })).toMatchObject({ value: "no", share: 0 });
  });

  it("supports a claim that one of two sentences holds as it is", () => {
    const text =
      "You cannot change the return flight. You can change the outbound flight on the return ticket.";
    const answer = "You can change the outbound flight.";
    expect(
      verdict("lexical_faithfulness", "claims", { answer, documents: [{ id: "d", title: null, text }] })
        .share,
    ).toBe(1);
  });

  it("reads results of tools, and no arguments of calls that failed", () => {
    const call = {
      name: "get_fee",
      arguments: { fee: 75 },
      result: "the fee to change is 75",
      isError: false,
    };
    const answer = "The change fee is 75.";
    expect(verdict("lexical_faithfulness", "claims", { answer, documents: [], tools: [call] }).share).toBe(1);
    const failed = { ...call, result: "timeout", isError: true };
    expect(verdict("lexical_faithfulness", "claims", { answer, documents: [], tools: [failed] }).share).toBe(
      0,
    );
  });

  it("gives the share of claims, and each scale its label", () => {
    const answer = `${right} ${invented}`;
    expect(verdict("lexical_faithfulness", "claims", { answer })).toEqual({
      value: "no",
      share: 0.5,
      word: "no",
      reasoning: `supported claims: 1 of 2; not "${invented}"`,
    });
    expect(verdict("lexical_faithfulness", "binary", { answer })).toMatchObject({
      value: "bad",
      share: null,
    });
    expect(verdict("lexical_faithfulness", "ordinal", { answer })).toMatchObject({ value: "3", share: null });
    expect(verdict("lexical_faithfulness", "categorical", { answer }).value).toBe("off");
    expect(verdict("lexical_faithfulness", "categorical", { answer: right }).value).toBe("on");
  });

  it.each([
    ["no answer", { answer: null }],
    ["an empty answer", { answer: "  " }],
    ["a refusal", { answer: "I'm sorry, I can't help with that." }],
    ["a greeting", { answer: "Hello! How can I help?" }],
    ["no evidence", { answer: right, documents: [] }],
    [
      "a call that never ended",
      { answer: right, documents: [], tools: [{ name: "f", arguments: {}, result: null, isError: false }] },
    ],
  ])("says nothing about %s", (_, given) => {
    const found = verdict("lexical_faithfulness", "claims", given);
    expect(found).toMatchObject({ value: null, share: null, word: found.reasoning });
    expect(found.reasoning).not.toBe("");
  });

  it("compares only with what the judge reads", () => {
    const found = verdict(
      "lexical_faithfulness",
      "claims",
      { answer: right },
      { reads: ["question", "answer"] },
    );
    expect(found).toMatchObject({ value: null, reasoning: "no document or tool result to check against" });
  });
});

describe("lexical_helpfulness", () => {
  it.each([
    ["takes up all of the question", "Changing your flight: the cost is 75.", "5"],
    ["takes up a part", "The flight leaves at noon.", "2"],
    ["takes up nothing", "Good morning.", "1"],
    ["declines", "I can't help with changing a flight or its cost.", "1"],
    ["is empty", "", "1"],
  ])("grades an answer that %s", (_, answer, value) => {
    expect(verdict("lexical_helpfulness", "ordinal", { answer }).value).toBe(value);
  });

  it("passes from half of the question on", () => {
    const question = "baggage insurance refund voucher";
    const of = (answer: string) => verdict("lexical_helpfulness", "binary", { question, answer }).value;
    expect([of("baggage"), of("baggage insurance")]).toEqual(["bad", "fine"]);
  });

  it.each([
    ["no answer", { answer: null }],
    ["no question", { question: null, answer: "Yes." }],
    ["a question of stop words", { question: "What is it?", answer: "Yes." }],
  ])("says nothing about %s", (_, given) => {
    expect(verdict("lexical_helpfulness", "ordinal", given).value).toBeNull();
  });
});

describe("pairs", () => {
  const near = "Changing a flight costs 75 dollars.";
  const far = "Lounge visits include lemonade.";

  it("go to the answer with the higher score", () => {
    expect(verdict("lexical_helpfulness", "pairwise", { answer: near, otherAnswer: far }).value).toBe("A");
    expect(verdict("lexical_helpfulness", "pairwise", { answer: far, otherAnswer: near }).value).toBe("B");
    expect(verdict("lexical_faithfulness", "pairwise", { answer: far, otherAnswer: near }).value).toBe("B");
  });

  it("have no verdict without both scores", () => {
    expect(verdict("lexical_helpfulness", "pairwise", { answer: near }).value).toBeNull();
    const refusal = "I can't help with that.";
    expect(verdict("lexical_faithfulness", "pairwise", { answer: near, otherAnswer: refusal }).value).toBe(
      null,
    );
  });

  it("get the mirrored verdict in the other order", () => {
    const mirrored = { A: "B", B: "A", tie: "tie" } as const;
    const words = fc.array(fc.constantFrom("changing", "flight", "cost", "75", "weather", "not"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, words, (one, other) => {
        const [answer, otherAnswer] = [one.join(" "), other.join(" ")];
        const first = verdict("lexical_helpfulness", "pairwise", { answer, otherAnswer }).value;
        const swapped = verdict("lexical_helpfulness", "pairwise", {
          answer: otherAnswer,
          otherAnswer: answer,
        }).value;
        expect(swapped).toBe(mirrored[first as keyof typeof mirrored]);
      }),
    );
  });
});

describe("majority", () => {
  it.each([
    ["binary", "fine", null],
    ["ordinal", "5", null],
    ["categorical", "on", null],
    ["claims", "yes", 1],
  ] as const)("always gives the best label of %s scales", (kind, value, share) => {
    for (const answer of ["", "anything"]) {
      expect(verdict("majority", kind, { answer })).toMatchObject({ value, share, word: "majority" });
    }
  });

  it("gives the label that the file names for it", () => {
    const of = (kind: keyof typeof scales, label: string) =>
      verdict("majority", kind, { answer: "x" }, { synonyms: { majority: label } });
    expect(of("binary", "bad").value).toBe("bad");
    expect(of("claims", "no")).toMatchObject({ value: "no", share: 0 });
  });

  it("gives the first answer of a pair, so that both orders together tie", () => {
    expect(verdict("majority", "pairwise", { answer: "x", otherAnswer: "y" }).value).toBe("A");
  });

  it("says nothing where there is no answer", () => {
    expect(verdict("majority", "binary", { answer: null }).value).toBeNull();
  });
});

describe("labelOfScore", () => {
  it("cuts ordinal scales into bands of equal width, exactly at their bounds", () => {
    for (let levels = 2; levels <= 11; levels += 1) {
      const scale = judge("majority", "ordinal", {
        scale: {
          kind: "ordinal",
          levels: Array.from({ length: levels }, (_, value) => ({ value, anchor: "a" })),
        },
      }).scale;
      for (let claims = 1; claims <= 60; claims += 1) {
        for (let supported = 0; supported <= claims; supported += 1) {
          const band = Math.min(levels - 1, Number((BigInt(supported) * BigInt(levels)) / BigInt(claims)));
          expect(labelOfScore(scale, supported / claims, 0.5)).toBe(String(band));
        }
      }
    }
  });

  it("gives labels of the scale only, better ones for higher scores", () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, fc.constantFrom("binary", "ordinal", "claims"), (a, b, kind) => {
        const { scale } = judge("majority", kind);
        const labels = categoriesOf(scale);
        const rank = (value: number) => labels.indexOf(labelOfScore(scale, value, 0.5) ?? "");
        expect(rank(Math.min(a, b))).toBeGreaterThanOrEqual(0);
        expect(rank(Math.max(a, b))).toBeGreaterThanOrEqual(rank(Math.min(a, b)));
      }),
    );
  });

  it("has no label for a low score when all are good", () => {
    const { scale } = judge("majority", "categorical", {
      scale: { ...scales.categorical, good: ["off", "on", "half"] },
    });
    expect(labelOfScore(scale, 0, 0.5)).toBeNull();
  });
});
