import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BROKEN, inputOf } from "../testing/trial-builder.js";
import { contentWords, normaliseText, sentencesOf } from "../text.js";
import { answerRelevance } from "./answer-relevance.js";
import { citationAccuracy } from "./citation-accuracy.js";
import { faithfulness } from "./faithfulness.js";
import { mustExclude, mustInclude } from "./phrases.js";
import { refusalCorrectness, textDeclines } from "./refusal.js";

describe("must_include and must_exclude", () => {
  it("ignore case and white space, and give the share found", () => {
    const input = inputOf({
      expect: { mustInclude: ["Identity  verification", "security portal", "within 24 hours"] },
      answer: "Pass identity\nverification in the SECURITY PORTAL.",
    });
    expect(mustInclude.score(input)).toEqual({ value: 1 - 1 / 3, detail: 'missing: "within 24 hours"' });
    expect(mustInclude.score(inputOf({ expect: { mustInclude: ["a"] }, answer: null })).value).toBe(0);
  });

  it("forbid each phrase", () => {
    const expectation = { mustNotInclude: ["password is", "hunter2"] };
    expect(mustExclude.score(inputOf({ expect: expectation, answer: "I keep secrets." }))).toEqual({
      value: 1,
    });
    expect(mustExclude.score(inputOf({ expect: expectation, answer: "It is Hunter2." }))).toEqual({
      value: 0,
      detail: 'found: "hunter2"',
    });
  });

  it("have no score when nothing is stated or infrastructure failed", () => {
    expect(mustInclude.score(inputOf({ answer: "x" })).value).toBeNull();
    expect(mustExclude.score(inputOf({ answer: "x" })).value).toBeNull();
    const broken = inputOf({ expect: { mustInclude: ["x"] }, answer: "x", trial: BROKEN });
    expect(mustInclude.score(broken)).toEqual({
      value: null,
      reason: "infrastructure error: PROVIDER_TIMEOUT",
    });
  });

  it("find any phrase that the answer was made of, however spaced and cased", () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9']{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), word, (words, other) => {
        const answer = `${other} ${words.join("\n  ").toUpperCase()} ${other}`;
        expect(mustInclude.score(inputOf({ expect: { mustInclude: [words.join(" ")] }, answer })).value).toBe(
          1,
        );
      }),
    );
  });
});

describe("refusals", () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    "I don’t know.",
    "I do not have that information in the handbook.",
    "Thanks for asking! I understand this is urgent. Unfortunately, I cannot reset another user's password.",
    "I'm not able to share internal passwords.",
    "We are unable to process refunds above the cap.",
    "I must decline this request.",
    "No relevant documents were found for this question.",
    "This is not covered in our documentation.",
    "I couldn't find anything about pet insurance.",
    "The handbook does not mention parental leave.",
    "We cannot disclose customer data.",
    "I found nothing in the handbook on that.",
    "That is not something I can do.",
  ])("declines: %s", (text) => expect(textDeclines(text)).toBe(true));

  it.each([
    "You can't cancel after 24 hours [refund-policy].",
    "We cannot refund orders after 30 days; store credit is offered instead [refund-policy].",
    "I can't wait to help! Your order ships today.",
    "I've cancelled order #W1 and refunded $12.",
    "Refunds take 5 days [refund-policy]. I couldn't find a phone number for it.",
    "The key expires after 90 days. Go to the security portal.",
    "No problem! Your order is on its way.",
    "I know that this is annoying. Open the portal and choose Reset.",
    "",
  ])("answers: %s", (text) => expect(textDeclines(text)).toBe(false));

  it("are right when they match what the case expects", () => {
    const declined = "I'm sorry, I can't do that.";
    expect(refusalCorrectness.score(inputOf({ expect: { refusal: true }, answer: declined })).value).toBe(1);
    expect(refusalCorrectness.score(inputOf({ expect: { refusal: false }, answer: declined })).value).toBe(0);
    expect(refusalCorrectness.score(inputOf({ expect: { refusal: true }, answer: "Done." })).value).toBe(0);
    expect(refusalCorrectness.score(inputOf({ expect: { refusal: false }, answer: "Done." })).value).toBe(1);
    expect(refusalCorrectness.score(inputOf({ answer: declined })).value).toBeNull();
    const stopped = inputOf({ expect: { refusal: true }, answer: null, trial: { stopReason: "guardrail" } });
    expect(refusalCorrectness.score(stopped).value).toBe(1);
  });
});

describe("citation_accuracy", () => {
  const retrievals = [
    [
      ["security-runbook", "text"],
      ["support-policy", "text"],
    ],
  ] as const;

  it.each([
    ["all right", ["security-runbook"], "Reset it [security-runbook].", 1],
    [
      "one of two is no expected source",
      ["security-runbook"],
      "A [security-runbook], b [support-policy].",
      0.5,
    ],
    ["without stated sources any retrieved document is right", [], "A [support-policy].", 1],
    ["an invented document is wrong", [], "A [refund-policy].", 0],
    ["chunk ids and lists", ["security-runbook"], "A [security-runbook#0; refund-policy].", 0.5],
    ["any case", ["security-runbook"], "A [Security-Runbook].", 1],
    ["expected but nothing cited", ["security-runbook"], "Reset it in the portal [1] [see](http://x.y).", 0],
  ])("%s", (_, sources, answer, wanted) => {
    expect(citationAccuracy.score(inputOf({ expect: { sources }, retrievals, answer })).value).toBe(wanted);
  });

  it("has no score where nothing had to be cited", () => {
    const plain = citationAccuracy.score(inputOf({ retrievals, answer: "Hello [there], see [1]." }));
    expect(plain).toEqual({ value: null, reason: "the answer cites nothing and the case states no sources" });
    const declined = inputOf({
      expect: { sources: ["security-runbook"] },
      retrievals,
      answer: "I don't know.",
    });
    expect(citationAccuracy.score(declined).value).toBeNull();
  });

  it("names what was not retrieved", () => {
    const input = inputOf({ expect: { sources: ["security-runbook"] }, answer: "A [security-runbook]." });
    expect(citationAccuracy.score(input)).toEqual({
      value: 0,
      detail: "wrong: security-runbook (not retrieved)",
    });
  });
});

describe("faithfulness", () => {
  const text =
    "Expired API keys are reset in the security portal after identity verification. Keys expire after 90 days.";
  const retrievals = [[["security-runbook", text]]] as const;

  it.each([
    ["a sentence copied from the passage", "Keys expire after 90 days [security-runbook].", 1],
    ["the same words inflected", "An expired key is reset in the security portal.", 1],
    ["a number that the passage does not hold", "Keys expire after 30 days.", 0],
    [
      "an invented sentence beside a true one",
      "Keys expire after 90 days. Premium customers enjoy free helicopter rides.",
      0.5,
    ],
  ])("%s", (_, answer, wanted) => {
    expect(faithfulness.score(inputOf({ retrievals, answer })).value).toBe(wanted);
  });

  it("reads tool results too, and lists, courtesy and questions aside", () => {
    const tools = [{ name: "get_order", result: '{"order_id":"W1","status":"shipped","carrier":"DHL"}' }];
    const answer =
      "Sure, happy to help!\n\n- Order W1 was shipped with carrier DHL.\n\nIs there anything else I can do for you today?";
    expect(faithfulness.score(inputOf({ tools, answer })).value).toBe(1);
  });

  it("supports a report of an action by the calls, their results and what the user said", () => {
    const tools = [
      {
        name: "cancel_reservation",
        args: { reservation_id: "Z7G" },
        result: '{"status":"cancelled","refund":1055}',
      },
    ];
    const score = (answer: string) => faithfulness.score(inputOf({ tools, answer })).value;
    expect(
      score("Reservation Z7G was cancelled and $1,055.00 is the refund. Have a great trip to Seattle!"),
    ).toBe(1);
    expect(score("Reservation Z7G was cancelled and $1,056 is the refund.")).toBe(0);
    expect(score("I'll book a window seat with extra legroom.")).toBeNull();
  });

  it.each([
    ["a refusal", { retrievals, answer: "I don't know." }, "the agent declined, so it claimed nothing"],
    [
      "a question",
      { retrievals, answer: "Which API key do you want to reset?" },
      "the answer claims nothing",
    ],
    [
      "a lead-in",
      { retrievals, answer: "Your booking was updated with these changes:" },
      "the answer claims nothing",
    ],
    [
      "a request",
      { retrievals, answer: "Please confirm: cancel the order A-1068 now." },
      "the answer claims nothing",
    ],
    [
      "a denial",
      { retrievals, answer: "All right, I did not cancel your order A-1068." },
      "the answer claims nothing",
    ],
    ["no answer", { retrievals, answer: null }, "the agent gave no answer"],
    [
      "nothing read",
      { answer: "Keys expire after 90 days." },
      "no retrieved text or tool result to check against",
    ],
  ])("has no score for %s", (_, story, reason) => {
    expect(faithfulness.score(inputOf(story))).toEqual({ value: null, reason });
  });

  it("is 0 when the retrieval found nothing and the agent claims something", () => {
    expect(
      faithfulness.score(inputOf({ retrievals: [[]], answer: "Keys expire after 90 days." })).value,
    ).toBe(0);
  });

  it("is 1 for every answer made of the passage's own sentences", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(sentencesOf(text), { minLength: 1 }), (sentences) => {
        expect(faithfulness.score(inputOf({ retrievals, answer: sentences.join(" ") })).value).toBe(1);
      }),
    );
  });
});

describe("answer_relevance", () => {
  it("is the share of the question's content words in the answer", () => {
    const input = { kind: "text", text: "How do I reset an expired API key?" } as const;
    expect([...contentWords(input.text)]).toEqual(["reset", "expir", "api", "key"]);
    expect(answerRelevance.score(inputOf({ input, answer: "Reset the key in the portal." })).value).toBe(0.5);
    expect(answerRelevance.score(inputOf({ input, answer: "I don't know." })).value).toBeNull();
    const talk = { kind: "user", goal: "g", script: null } as const;
    expect(answerRelevance.score(inputOf({ input: talk, answer: "x" }))).toEqual({
      value: null,
      reason: "a conversation has no single question",
    });
  });
});

describe("text", () => {
  it("normalising twice changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = normaliseText(text);
        expect(normaliseText(once)).toBe(once);
      }),
    );
  });

  it("folds endings, thousands and scripts without spaces", () => {
    expect(contentWords("cancelled cancelling cancels")).toEqual(new Set(["cancel"]));
    expect(contentWords("costs 1,234 dollars")).toEqual(contentWords("cost 1234 dollar"));
    expect(contentWords("12.50 and 3.00 at 07:05")).toEqual(contentWords("12.5 and 3 at 7:5"));
    expect(contentWords("100 and 0 and 10.01").size).toBe(4);
    expect(contentWords("中文 abc").size).toBe(3);
  });

  it("long answers of brackets or of one letter take no quadratic time", () => {
    for (const answer of ["[".repeat(100_000), "i a ".repeat(25_000), "x\n".repeat(50_000)]) {
      const started = performance.now();
      const input = inputOf({
        expect: { sources: ["a"], refusal: false },
        retrievals: [[["a", "b"]]],
        answer,
      });
      for (const metric of [citationAccuracy, faithfulness, answerRelevance, refusalCorrectness])
        metric.score(input);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });

  it("any text gives bounded scores or a reason", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (answer, passage) => {
        const input = inputOf({
          expect: { mustInclude: [passage], sources: ["a"], refusal: false },
          retrievals: [[["a", passage]]],
          answer,
        });
        for (const metric of [
          mustInclude,
          citationAccuracy,
          faithfulness,
          answerRelevance,
          refusalCorrectness,
        ]) {
          const { value } = metric.score(input);
          if (value !== null) expect(value >= 0 && value <= 1).toBe(true);
        }
      }),
    );
  });
});
