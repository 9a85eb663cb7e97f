import { type JudgeConfig, judgeSchema } from "../../../config/judge/judge-schema.js";
import type { Clock } from "../../../core/clock.js";
import type { Subject } from "../../../core/judgement.js";
import { bareSubject } from "../../../judge/bare-subject.js";
import type { JudgementStore } from "../../../store/judgement-store.js";
import type { OpenReview } from "../open-review.js";
import { openReviewSession, type ReviewSessionOptions } from "../review-session.js";

const RUBRIC = `Did the answer do what the customer asked for, as far as the shop's rules allow it?

Judge what was done, not how it sounds. A short answer that settles the matter is as good as a long one. A refusal counts as helpful when the rules ask for it and the customer learns what to do instead.`;

/** A rubric with grades. */
export const helpfulness: JudgeConfig = judgeSchema.parse({
  version: 1,
  name: "helpfulness",
  rubric: { version: "3", text: RUBRIC },
  scale: {
    kind: "ordinal",
    levels: [
      { value: 1, anchor: "Ignores the request, or makes it worse." },
      { value: 2, anchor: "Touches the request; the customer has to ask again." },
      { value: 3, anchor: "Helps in part: something that was asked for is missing." },
      { value: 4, anchor: "Does what was asked, with a detail that could be better." },
      { value: 5, anchor: "Does all that was asked; nothing to add." },
    ],
  },
  reads: ["question", "conversation", "documents", "tools", "reference", "policy", "answer"],
  heuristic: "majority",
});

/** A rubric for pairs. */
export const preference: JudgeConfig = judgeSchema.parse({
  version: 1,
  name: "preference",
  rubric: { version: "1", text: "Which answer follows the instruction better?" },
  scale: { kind: "pairwise" },
  reads: ["question", "answer"],
  heuristic: "majority",
});

const empty = bareSubject({ item: "", model: "openai/secret-model-name" });

/** A conversation with documents, a wide tool result and a failed call. */
export const refund: Subject = {
  ...empty,
  item: "refund-window-02/0@5f1c22ab90de",
  question: "It is the lamp, order A-1042. Can I still send it back?",
  conversation: [
    { role: "user", text: "Hello! I bought a lamp and it does not fit my desk." },
    {
      role: "agent",
      text: "I am sorry to hear that. Which order is it? You find the number in the mail that confirmed it.",
    },
    { role: "user", text: "It is the lamp, order A-1042. Can I still send it back?" },
  ],
  documents: [
    {
      id: "returns#2",
      title: "Returns and refunds",
      text: "Unused goods may be sent back within 30 days of delivery. Lamps must be in their box. The refund is paid to the card that was charged, within five working days after the parcel has come in.",
    },
    { id: "shipping#1", title: null, text: "Standard delivery takes two to four working days." },
  ],
  tools: [
    {
      name: "get_order",
      arguments: { order_id: "A-1042" },
      result: JSON.stringify({
        order_id: "A-1042",
        status: "delivered",
        delivered_at: "2026-10-29T09:14:00Z",
        tracking_url:
          "https://parcels.example/track/00340434292135100186/history?language=en&detail=full&carrier=north-parcel-express",
        items: [{ sku: "LAMP-77", title: "Desk lamp, brass, 77 cm", price: 64.9, returnable: true }],
      }),
      isError: false,
    },
    {
      name: "create_return_label",
      arguments: { order_id: "A-1042", reason: "does not fit" },
      result: "503 Service Unavailable: label printer of warehouse 2 does not answer",
      isError: true,
    },
  ],
  reference: "Yes, until 28 November. The customer gets a return label by mail.",
  policy: "Never promise a date for a refund. Never ask for card numbers.",
  answer:
    "Yes, you can: the lamp was delivered on 29 October, so you have until 28 November to send it back in its box.\n\nI could not print the return label just now. I have noted it, and you will get it by mail today. The money goes back to the card that you paid with.",
};

/** Markup in every text that a trace can hold. */
export const HOSTILE = `<script>window.hacked=1</script><img src=x onerror="window.hacked=2"><a href="javascript:window.hacked=3">click</a><style>body{display:none}</style>`;

export const hostile: Subject = {
  ...empty,
  item: `hostile/0@<b onmouseover="window.hacked=4">x</b>`,
  question: HOSTILE,
  conversation: [{ role: "user", text: HOSTILE }],
  documents: [{ id: HOSTILE, title: HOSTILE, text: HOSTILE }],
  tools: [{ name: HOSTILE, arguments: { [HOSTILE]: HOSTILE }, result: HOSTILE, isError: false }],
  reference: HOSTILE,
  policy: HOSTILE,
  answer: HOSTILE,
};

/** Plain items with nothing but a question and an answer. */
export function plainItems(count: number): readonly Subject[] {
  return Array.from({ length: count }, (_, index) => ({
    ...empty,
    item: `plain-${index}/0@${index}`,
    question: `Question ${index}?`,
    conversation: [{ role: "user", text: `Question ${index}?` }],
    answer: `Answer ${index}.`,
  }));
}

export const pair: Subject = {
  ...empty,
  item: "pair-7",
  question: "Name the three primary colours, in one line.",
  answer: "Red, yellow and blue.",
  otherAnswer:
    "Certainly! The primary colours are a fascinating topic. In painting they are:\n\n- red\n- yellow\n- blue\n\nWould you like to know more about additive mixing?",
};

/** A review as `openReview` gives it, of the given items. */
export function sampleReview(
  store: JudgementStore,
  judge: JudgeConfig,
  subjects: readonly Subject[],
  options: Partial<ReviewSessionOptions> & { readonly clock: Clock },
): OpenReview {
  return {
    judge,
    mode: options.mode ?? "label",
    subjects,
    store,
    session: (annotator, source) =>
      openReviewSession({ store, judge, subjects, annotator, source, ...options }),
    close: () => store.close(),
  };
}
