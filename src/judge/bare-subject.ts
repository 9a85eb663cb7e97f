import type { Subject } from "../core/judgement.js";

/** An item of which nothing but what is given is known. */
export function bareSubject(given: Pick<Subject, "item"> & Partial<Subject>): Subject {
  return {
    question: null,
    conversation: [],
    documents: [],
    tools: [],
    reference: null,
    policy: null,
    answer: null,
    otherAnswer: null,
    slices: {},
    model: null,
    otherModel: null,
    origin: null,
    ...given,
  };
}
