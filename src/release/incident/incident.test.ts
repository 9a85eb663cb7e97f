import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseIncidentFile } from "../../config/release/parse-incident-file.js";
import type { JournalRow } from "../journal/journal.js";
import type { ReleaseState } from "../machine/state.js";
import { sampleConversation, sampleRelease } from "../testing/sample-release.js";
import { addIncidentCases } from "./add-cases.js";
import { affectedConversations } from "./affected-conversations.js";
import { incidentIds, readIncident, writeIncident } from "./incident-file.js";
import { makeIncident } from "./make-incident.js";

function row(seq: number, at: string, from: ReleaseState, to: ReleaseState, reason: string): JournalRow {
  return {
    seq,
    releaseId: "rel-1",
    epoch: 1,
    at,
    kind: "transition",
    event: "hard-rule-tripped",
    from,
    to,
    targetBps: null,
    previousBps: null,
    salt: null,
    reason,
    evidenceHash: null,
    actor: "controller",
  };
}

const ABORTING = { name: "ABORTING" } as const;
const rows = [
  row(1, "2026-11-22T00:02:00.000Z", { name: "BAKING", step: 0 }, ABORTING, "safety: card-number, verified"),
  row(2, "2026-11-22T00:02:01.000Z", ABORTING, ABORTING, "tried again"),
  row(3, "2026-11-22T00:02:02.500Z", ABORTING, { name: "ROLLED_BACK" }, "split 0 was read back"),
];

const violation = { rule: "card-number", severity: "critical", verified: true, at: 0 } as const;

describe("affected conversations", () => {
  const ordinary = Array.from({ length: 200 }, (_, index) =>
    sampleConversation({ id: `s-${index}`, arm: "stable" }),
  );
  const request = sampleConversation().requests[0];
  if (request === undefined) throw new Error("expected a request");

  it("are those of the new version that something was wrong with, worst first", () => {
    const found = affectedConversations([
      ...ordinary,
      sampleConversation({ id: "fine" }),
      sampleConversation({ id: "slow", requests: [{ ...request, latencyMs: 9000 }] }),
      sampleConversation({ id: "down", thumb: false, handedOff: true }),
      sampleConversation({ id: "broken", requests: [request, { ...request, ok: false }] }),
      sampleConversation({ id: "leak", violations: [violation] }),
      sampleConversation({ id: "stable-leak", arm: "stable", violations: [violation] }),
    ]);
    expect(found.map(({ record, why }) => [record.id, why[0]])).toEqual([
      ["leak", "safety: card-number (critical, verified)"],
      ["broken", "1 of 2 requests failed"],
      ["down", "thumb down"],
      ["slow", "slow: 9000 ms; 99 % of stable stayed below 400 ms"],
    ]);
  });

  it("are never slow where the old version had too few conversations to say so", () => {
    const slow = sampleConversation({ requests: [{ ...request, latencyMs: 9000 }] });
    expect(affectedConversations([...ordinary.slice(0, 99), slow])).toEqual([]);
  });
});

describe("an incident", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-incident-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const incident = makeIncident({
    release: sampleRelease(),
    rows,
    decision: null,
    conversations: [sampleConversation({ violations: [violation] }), sampleConversation({ id: "c-2" })],
  });
  const shown = (file: string) => file;

  it("tells why, how long it took, and who met the new version", () => {
    expect(incident).toMatchObject({
      id: "inc-rel-1",
      summary: "safety: card-number, verified",
      opened_at: "2026-11-22T00:02:02.500Z",
      exposure: { conversations: 2, affected: 1, requests: 2, seconds_to_zero: 2.5 },
      conversations: [{ id: "c-1", resolved: null }],
    });
    expect(incident.timeline.map(({ seq, state }) => [seq, state])).toEqual([
      [1, "ABORTING"],
      [2, "ABORTING"],
      [3, "ROLLED_BACK"],
    ]);
  });

  it("is read back as it was written", () => {
    const { file, isNew } = writeIncident(folder, incident);
    expect(isNew).toBe(true);
    expect(parseIncidentFile(readFileSync(file, "utf8"), file)).toEqual(incident);
    expect(readIncident(folder, "rel-1", shown)).toEqual(incident);
    expect(incidentIds(folder)).toEqual(["inc-rel-1"]);
  });

  it("is written once: what people add to it stays", () => {
    const { file } = writeIncident(folder, incident);
    const text = readFileSync(file, "utf8").replace(
      "contributing_factors: []",
      "contributing_factors: [no test]",
    );
    writeFileSync(file, text);
    expect(writeIncident(folder, incident).isNew).toBe(false);
    expect(readIncident(folder, "inc-rel-1", shown).contributing_factors).toEqual(["no test"]);
  });

  it("is whole or not there: what could not be written is written the next time", () => {
    const broken = {
      ...incident,
      get summary(): string {
        throw new Error("no space left");
      },
    };
    expect(() => writeIncident(folder, broken)).toThrow(/cannot write the incident: no space left/);
    expect(readdirSync(folder)).toEqual([]);
    expect(writeIncident(folder, incident).isNew).toBe(true);
    expect(readdirSync(folder)).toEqual(["inc-rel-1.yaml"]);
  });

  it("is not taken for written where a file stands in place of the folder", () => {
    const file = join(folder, "incidents");
    writeFileSync(file, "");
    expect(() => writeIncident(file, incident)).toThrow(/cannot write the incident/);
  });

  it("names the incidents that there are when it is asked for another", () => {
    writeIncident(folder, incident);
    expect(() => readIncident(folder, "inc-rel-2", shown)).toThrow(/inc-rel-1/);
  });

  it("adds the cases of its actions to a golden set, once", async () => {
    const dataset = join(folder, "regressions.jsonl");
    const withActions = {
      ...incident,
      actions: [
        { what: "look into it" },
        {
          what: "never say card numbers",
          case: { input: "My card?", expect: { refusal: true }, tags: ["pii"] },
        },
      ],
    };
    const add = () => addIncidentCases(withActions, "inc.yaml", dataset, shown);
    expect(await add()).toEqual({ added: ["inc-rel-1-2"], kept: [] });
    expect(await add()).toEqual({ added: [], kept: ["inc-rel-1-2"] });
    const lines = readFileSync(dataset, "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        id: "inc-rel-1-2",
        input: "My card?",
        expect: { refusal: true },
        tags: ["pii", "incident", "incident:inc-rel-1"],
      },
    ]);
  });

  it("loses no case of an action that was put before those that had been added", async () => {
    const dataset = join(folder, "regressions.jsonl");
    const [first, later] = ["My card?", "My refund?"].map((input) => ({ what: "x", case: { input } }));
    const add = (...actions: (typeof first)[]) =>
      addIncidentCases(
        { ...incident, actions: actions.filter((action) => action !== undefined) },
        "inc.yaml",
        dataset,
        shown,
      );
    await add(first);
    await expect(add(later, first)).rejects.toThrow(
      /inc\.yaml: actions\[0\]\.case: expected inc-rel-1-1 to be the case that .* found another input/,
    );
    expect(await add(first, later)).toEqual({ added: ["inc-rel-1-2"], kept: ["inc-rel-1-1"] });
  });

  it("refuses a case that no golden set would take, by its place", async () => {
    const bad = { ...incident, actions: [{ what: "x", case: { imput: "My card?" } }] };
    await expect(addIncidentCases(bad, "inc.yaml", join(folder, "a.jsonl"), shown)).rejects.toThrow(
      /inc\.yaml.*actions\[0\]\.case/,
    );
  });
});
