import type { Decide } from "../controller/ports.js";

/** What the evidence says of a step. Pure: the same evidence, plan and moment give the same decision. */
export const decide: Decide = (evidence) => {
  const count = (arm: string) => evidence.conversations.filter((record) => record.arm === arm).length;
  return {
    verdict: "inconclusive",
    reason: "no rule has been judged",
    abort: null,
    mismatch: null,
    capacity: null,
    rules: [],
    conversations: { canary: count("canary"), stable: count("stable") },
    unassigned: evidence.unassigned,
    notes: [],
  };
};
