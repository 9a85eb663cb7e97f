import { describe, expect, it } from "vitest";
import type { UserInput } from "../../core/golden-case.js";
import { GOAL_NOT_GIVEN } from "../../core/recording.js";
import { metricByName } from "../registry.js";
import { inputOf } from "../testing/trial-builder.js";
import { auditUser } from "./audit-user.js";

const GOAL = "You are Mia. Cancel order A-1042, which cost $78. You do not know your e-mail address.";

/** Lines of a conversation: the user's, the agent's, in turn. */
function audit(lines: readonly string[], extra: Partial<UserInput> = {}) {
  const transcript = lines.map((text, index) => ({
    role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
    text,
  }));
  const input: UserInput = { kind: "user", goal: GOAL, script: null, ...extra };
  return auditUser(input, { transcript }).map(({ kind, message }) => [kind, message]);
}

describe("auditUser", () => {
  it("finds nothing in a user that keeps to its goal", () => {
    const lines = [
      "Hi, I want to cancel an order.",
      "Which order?",
      "A-1042 please. I paid 78.00 dollars.",
      "It costs $78.00. Shall I cancel A-1042? The case number is K-5512.",
      "Yes, and thanks for K-5512.",
      "Done. Is there anything else?",
      "###STOP###",
    ];
    expect(audit(lines)).toEqual([]);
  });

  it("finds ids, amounts and addresses that nobody named", () => {
    expect(audit(["Cancel A-1042, my customer number is C-9911."])).toEqual([["invented_value", 0]]);
    expect(audit(["Cancel A-1042. It was $99."])).toEqual([["invented_value", 0]]);
    expect(audit(["Cancel A-1042.", "Mail?", "mia@example.com"])).toEqual([["invented_value", 1]]);
  });

  it("lets values pass that the user's own tools may have shown", () => {
    expect(audit(["Cancel A-1042, my customer number is C-9911."], { tools: ["emails"] })).toEqual([]);
  });

  it("finds an action on another id than the goal's", () => {
    const offer = "You have A-1042 and A-1051. Which one?";
    expect(audit(["Cancel an order.", offer, "Please cancel A-1051."])).toEqual([["contradicted_goal", 1]]);
    expect(audit(["Cancel an order.", offer, "Not A-1051. Please cancel A-1042."])).toEqual([]);
    expect(audit(["Cancel an order.", offer, "What is A-1051 for?"])).toEqual([]);
  });

  it("finds a stop before the goal was pursued, or in place of an answer", () => {
    expect(audit(["Hello!", "Hi, how can I help?", "###STOP###"])).toEqual([["stopped_early", 1]]);
    expect(audit(["Cancel A-1042.", "Shall I cancel it?", "###STOP###"])).toEqual([["stopped_early", 1]]);
    expect(audit(["Cancel A-1042.", "I cannot do that.", "###STOP###"])).toEqual([]);
  });

  it("finds a scenario that does not say enough", () => {
    expect(audit(["Cancel A-1042.", "Why?", "###OUT-OF-SCOPE###"])).toEqual([["out_of_scope", 1]]);
  });

  it("finds a user that speaks as the agent", () => {
    expect(audit(["Hello, how can I help you today?"])).toEqual([["spoke_as_agent", 0]]);
    expect(audit(["Cancel A-1042.", "Sure.", "I have cancelled your order."])).toEqual([
      ["spoke_as_agent", 1],
    ]);
  });

  it("finds repetitions, but not the answer to a question that was repeated", () => {
    const line = "Please cancel my order A-1042.";
    expect(audit([line, "Why?", line])).toEqual([["repeated_itself", 1]]);
    expect(audit(["Hi.", "Which order?", line, "Which order?", line])).toEqual([]);
    expect(audit(["Yes.", "Sure?", "Yes."])).toEqual([]);
  });

  it("finds an empty message", () => {
    expect(audit([" "])).toEqual([["said_nothing", 0]]);
  });
});

describe("user.faults", () => {
  const faults = metricByName("user.faults");

  it("counts them with their reasons, and scores no user with fixed words", () => {
    if (faults?.level !== "case") throw new Error("no case metric");
    const event = { role: "user" as const, text: "Cancel A-7777." };
    const played = inputOf({ input: { kind: "user", goal: GOAL, script: null } });
    const trace = { ...played.trace, transcript: [event] };
    expect(faults.score({ ...played, trace })).toEqual({
      value: 1,
      detail: "invented_value in message 1: id A-7777 is nowhere in its goal",
    });
    const unscored = {
      value: null,
      reason: "no model plays the user, or nothing tells what it was to do",
    };
    expect(faults.score(inputOf({}))).toEqual(unscored);
    const imported = inputOf({
      input: { kind: "user", goal: `retail task 1 ${GOAL_NOT_GIVEN}`, script: null },
    });
    expect(faults.score({ ...imported, trace })).toEqual(unscored);
  });
});
