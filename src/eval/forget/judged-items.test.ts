import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LabelEntry } from "../../core/judgement.js";
import { traceOf } from "../../core/trace.js";
import { trialSubject } from "../../judge/trial-subject.js";
import { judgementFile, openJudgementStore } from "../../store/judgement-store.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import { sampleCase, sampleRow, sampleRun, sampleTrial } from "../../store/testing/store-samples.js";
import { judgedItemsOf } from "./judged-items.js";

const HISTORY = "agentctl.db";
const NOBODY = { conversations: [], savedCases: [] };

describe("judgedItemsOf", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-judged-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function label(item: string): LabelEntry {
    const said = { action: "label", value: "good", comment: null, source: "review" } as const;
    return { id: item, rubric: "tone", item, author: "ann", at: "2026-11-21T00:00:00.000Z", ...said };
  }

  function labelled(...items: string[]): void {
    const store = openJudgementStore(judgementFile(folder));
    store.addLabels(items.map(label));
    store.close();
  }

  it("is empty without labels, and makes no file", () => {
    mkdirSync(join(folder, "other"));
    expect(judgedItemsOf(join(folder, "other"), HISTORY, NOBODY)).toEqual([]);
    expect(() => openSqliteStore(join(folder, "other", HISTORY)).close()).not.toThrow();
  });

  it("finds labels by the trials of the history, though they name no conversation themselves", () => {
    const store = openSqliteStore(join(folder, HISTORY));
    const plan = ["mine", "other"].map((id) => ({ caseId: id, caseHash: `hash-${id}`, trial: 0 }));
    const cases = plan.map(({ caseId, caseHash }) => sampleCase(caseId, { hash: caseHash }));
    const run = sampleRun("r1", { plan });
    store.createRun(run, cases);
    const items = cases.map((goldenCase) => {
      const sample = sampleTrial(goldenCase.id, 0);
      const conversation_id = goldenCase.id === "mine" ? "s1" : "s11";
      const trial = { ...sample, events: sample.events.map((event) => ({ ...event, conversation_id })) };
      store.addTrial("r1", trial, sampleRow(trial, 1));
      return trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy: null }).item;
    });
    store.close();
    labelled(...items);
    expect(judgedItemsOf(folder, HISTORY, { conversations: ["s1"], savedCases: [] })).toEqual([items[0]]);
    expect(judgedItemsOf(folder, HISTORY, NOBODY)).toEqual([]);
  });

  it("finds labels of saved cases when the run is gone", () => {
    labelled("saved/0@0a1b2c3d4e5f", "saved-2/0@0a1b2c3d4e5f");
    const found = judgedItemsOf(folder, HISTORY, { conversations: [], savedCases: ["saved"] });
    expect(found).toEqual(["saved/0@0a1b2c3d4e5f"]);
  });
});
