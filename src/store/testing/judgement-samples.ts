import type { Calibration, LabelEntry, Subject, VerdictEntry } from "../../core/judgement.js";

export function sampleSubject(item: string, changes: Partial<Subject> = {}): Subject {
  return {
    item,
    question: "Was heißt “refund”? \u0000 🙂",
    conversation: [{ role: "user", text: "Hello" }],
    documents: [{ id: "d1", title: null, text: "Refunds take a week." }],
    tools: [{ name: "look_up", arguments: { order: "W1" }, result: null, isError: false }],
    reference: null,
    policy: null,
    answer: "Money back.",
    otherAnswer: null,
    slices: { risk: "high" },
    model: "openai/gpt-4o",
    otherModel: null,
    origin: { run: "r1", caseId: item, trial: 0 },
    ...changes,
  };
}

export function sampleLabel(id: string, changes: Partial<LabelEntry> = {}): LabelEntry {
  return {
    id,
    rubric: "tone",
    item: `item-${id}`,
    author: "ann",
    action: "label",
    value: "good",
    comment: null,
    at: "2026-11-21T06:55:00.000Z",
    source: "review",
    ...changes,
  };
}

export function sampleVerdict(item: string, changes: Partial<VerdictEntry> = {}): VerdictEntry {
  return {
    judge: "tone",
    judgeVersion: "v1",
    rubric: "tone",
    item,
    subjectHash: "s1",
    order: "first",
    vote: 0,
    value: "good",
    share: null,
    reason: null,
    word: "good",
    reasoning: "It is kind.",
    costUsd: 0.001,
    at: "2026-11-21T06:55:00.000Z",
    ...changes,
  };
}

export function sampleCalibration(reportHash: string, changes: Partial<Calibration> = {}): Calibration {
  return {
    judge: "tone",
    judgeVersion: "v1",
    rubric: "tone",
    metric: "judge.tone",
    verdict: "calibrated",
    reason: "the lower limit of kappa, 0.8, reaches 0.7",
    kappa: 0.9,
    lower: 0.8,
    upper: 1,
    n: 100,
    floor: 0.7,
    at: "2026-11-21T06:55:00.000Z",
    expiresAt: "2026-12-21T06:55:00.000Z",
    reportHash,
    ...changes,
  };
}
