import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { contentHash, type Json } from "../../core/hash.js";
import { openTestStore } from "../../store/testing/sqlite-test-store.js";
import { sampleRun } from "../../store/testing/store-samples.js";
import type { EvidenceReader } from "../controller/ports.js";
import { readIncident } from "../incident/incident-file.js";
import type { NewRow, ReleaseJournal } from "../journal/journal.js";
import { openReleaseJournal } from "../journal/open-release-journal.js";
import { sampleConversation, sampleEvidence, samplePlan, sampleRelease } from "../testing/sample-release.js";
import { projectAftermath } from "./project-aftermath.js";

const evidence: EvidenceReader = {
  read: async () => sampleEvidence({ conversations: [sampleConversation({ thumb: false })] }),
};

describe("what follows a release", () => {
  let root: string;
  let journal: ReleaseJournal;
  let notes: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentctl-aftermath-"));
    journal = openReleaseJournal(":memory:");
    notes = [];
  });
  afterEach(() => {
    journal.close();
    rmSync(root, { recursive: true });
  });

  const store = () => openTestStore(join(root, "runs.db"));
  const aftermath = (baselineTag: string | null = "main") =>
    projectAftermath({
      journal,
      evidence,
      root,
      openStore: async () => store(),
      baselineTag,
      captures: join(root, "captures"),
      clock: systemClock,
      note: (text) => notes.push(text),
    });

  it("moves the baseline to the run of the version that was promoted", async () => {
    const before = store();
    before.createRun(sampleRun("run-a", { tags: ["main"] }));
    before.createRun(sampleRun("run-b"));
    before.close();
    await aftermath().promoted(sampleRelease());
    await aftermath().promoted(sampleRelease());
    expect(notes).toEqual([
      "the baseline main moved from run-a to run run-b",
      "the baseline main moved to run run-b",
    ]);
    const after = store();
    expect(after.listRuns({ tag: "main" }).map(({ id }) => id)).toEqual(["run-b"]);
    after.close();
  });

  it("says so when no baseline can move", async () => {
    await aftermath().promoted(sampleRelease());
    await aftermath(null).promoted(sampleRelease());
    expect(notes).toEqual([
      "the baseline main did not move: run run-b is not in the history",
      "no baseline tag moved: the release knows no run history with a tag",
    ]);
  });

  it("opens an incident with what the figures said last", async () => {
    const release = journal.create({ id: "rel-1", plan: samplePlan(), author: "ana", at: 0 });
    const { epoch } = journal.acquireLease("support", "test", 0, 60_000);
    const rule = { measure: "resolution_rate", verdict: "fail", reason: "3 points lower" };
    const figures = {
      canary: { value: 0.77 },
      stable: { value: 0.8 },
      difference: -0.03,
      lower: null,
      upper: null,
    };
    const decision: Json = { decision: { rules: [{ ...rule, ...figures }] } };
    const row: NewRow = {
      kind: "evaluation",
      event: "evaluate",
      from: { name: "BAKING", step: 0 },
      to: { name: "BAKING", step: 0 },
      targetBps: null,
      previousBps: null,
      salt: null,
      reason: "",
      evidenceHash: contentHash(decision),
      actor: "controller",
    };
    journal.append(release.id, { epoch, at: 1000, rows: [row], evidence: [decision] });
    await aftermath().rolledBack(release);
    await aftermath().rolledBack(release);
    expect(notes).toEqual([
      expect.stringMatching(/inc-rel-1\.yaml; `agentctl incident show`/),
      "no conversation waits for review: the gateway keeps none, see `capture` of gateway.yaml",
      "no conversation waits for review: the gateway keeps none, see `capture` of gateway.yaml",
    ]);
    const incident = readIncident(join(root, "incidents"), "rel-1", (file) => file);
    expect(incident.rules).toEqual([
      { ...rule, canary: 0.77, stable: 0.8, difference: -0.03, lower: null, upper: null },
    ]);
    expect(incident.exposure).toMatchObject({ conversations: 1, affected: 1 });
  });
});
