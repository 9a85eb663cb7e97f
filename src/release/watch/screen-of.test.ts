import { describe, expect, it } from "vitest";
import { releaseFrame } from "../../ui/release/release-frame.js";
import { rule } from "../decisions/testing/simulated-traffic.js";
import type { JournalRow, ReleaseRecord } from "../journal/journal.js";
import { sampleRow } from "../journal/testing/journal-samples.js";
import type { ReleaseState } from "../machine/state.js";
import { sampleConversation, sampleEvidence, samplePlan, sampleRelease } from "../testing/sample-release.js";
import { screenOf } from "./screen-of.js";
import { watchDocument, watchFigures } from "./watch-document.js";

const START = Date.parse("2026-11-22T00:01:00.000Z");
const NOW = START + 130_000;
const STEP: ReleaseState = { name: "BAKING", step: 0 };
const isoTime = (ms: number) => new Date(ms).toISOString();

const step = { bakeMs: 300_000, maxBakeMs: 1_200_000, minConversations: 50, needsApproval: false };
const release = (patch: Partial<ReleaseRecord> = {}) =>
  sampleRelease({
    plan: samplePlan({
      steps: [
        { ...step, bps: 500, needsApproval: true },
        { ...step, bps: 10_000 },
      ],
      rules: [rule("error_rate", "+5%"), rule("p95_latency", "+50%")],
    }),
    state: STEP,
    since: isoTime(START),
    bakedMs: 120_000,
    ...patch,
  });

const rows: readonly JournalRow[] = [
  sampleRow({ kind: "intent", event: "set-split", targetBps: 500, reason: "step 1: 5 %" }),
  sampleRow({ kind: "readback", event: "set-split", targetBps: 500, reason: "read back 5 %" }),
  sampleRow({ event: "split-verified", to: STEP, reason: "the split is read back" }),
  sampleRow({ event: "notify", kind: "readback", reason: "row 3" }),
].map((row, index) => ({ ...row, seq: index + 1, releaseId: "rel-1", epoch: 1, at: isoTime(START) }));

const evidence = sampleEvidence({
  conversations: Array.from({ length: 60 }, (_, index) => {
    const at = START + index * 1000;
    const arm = index % 3 === 0 ? "canary" : "stable";
    const request = {
      at,
      ok: index !== 3,
      latencyMs: 400 + index,
      firstTokenMs: 90,
      costUsd: 0.01,
      inputTokens: index === 6 ? null : 1_000 + index,
      outputTokens: 80,
      finishReason: null,
    };
    return sampleConversation({
      id: `c-${index}`,
      cluster: `c-${index}`,
      arm,
      firstAt: at,
      requests: [request],
    });
  }),
  unassigned: 2,
});

function watched(
  of: ReleaseRecord,
  options: { readonly isAlive?: boolean; readonly bps?: number | null } = {},
) {
  const { isAlive = true, bps = 500 } = options;
  const journal = {
    rows: () => [...rows],
    lease: () => ({
      service: "support",
      holder: "host:1",
      epoch: 1,
      expiresAt: NOW + (isAlive ? 9000 : -9000),
    }),
    requests: () => [],
  };
  const router = { kind: "gateway", bps, reason: bps === null ? "nobody listens" : null };
  return watchDocument(journal, of, watchFigures(of, rows, evidence, NOW), router, NOW);
}

const texts = (watch: ReturnType<typeof watched>, columns = 80, lines = 24) =>
  releaseFrame(screenOf(watch), [{ text: "q quit", tone: "dim" }], { columns, rows: lines }).map(({ text }) =>
    text.trimEnd(),
  );

describe("a release on the screen", () => {
  it("has steps, clocks, arms, rules with limits, and what the next decision waits for", () => {
    expect(texts(watched(release()))).toMatchInlineSnapshot(`
      [
        "rel-1 support  BAKING(0) since 00:01:00Z (2m 10s)",
        "next    judged in 3m 00s and after 30 more conversations of the new",
        "        version; so far inconclusive: error_rate: canary 5 % of 20, control 0 %",
        "        of 40; a rise of 5 points is neither proven (e-value 0.658) nor ruled …",
        "        a pass asks for an approval, which leads to 100 %; undecided in",
        "        18m 00s (20m 00s of bake) pauses",
        "new     bbbbbbbbbbbb http://127.0.0.1:2   stable aaaaaaaaaaaa http://127.0.0.1…",
        "share   5 % set, gateway has 5 %   controller host:1 alive",
        "steps   ◐ 5 % then approval  ○ 100 %",
        "bake    █████░░░░░░░ 2m 00s of 5m 00s (most 20m 00s)",
        "convs   █████░░░░░░░ 20 of 50",
        "arm     convs  requests   failed     p50/p95  first tok.     cost    tokens",
        "canary     20        20  1 (5 %)  430/454 ms       90 ms  $0.2000  1,030+80",
        "stable     40        40  0 (0 %)  430/456 ms       90 ms  $0.4000  1,030+80",
        "rule         canary  stable       diff  better │ 0 ┃ harm             verdict",
        "error_rate      5 %     0 %  +5 points  ◂─────────────┼─────●──────▸  undecided",
        "p95_latency  457 ms  458 ms      -1 ms               ●│     ┃         undecided",
        "split   as configured (no sample ratio mismatch)",
        "note    p95_latency: 1 conversations of the canary and 0 of stable have",
        "        no value and count nowhere",
        "note    2 requests named no id, went to stable and count nowhere",
        "00:01:00 BAKING(0) split-verified: the split is read back",
        "q quit",
      ]
    `);
  });

  it.each([
    [40, 12],
    [20, 6],
    [200, 60],
  ])("fits into %i x %i, with state and next decision", (columns, lines) => {
    const shown = texts(watched(release()), columns, lines);
    expect(shown.length).toBeLessThan(lines);
    for (const line of shown) expect(Array.from(line).length).toBeLessThan(columns);
    expect(shown[0]).toContain("rel-1");
    expect(shown.some((line) => line.startsWith("next"))).toBe(true);
    expect(shown.at(-1)).toBe("q quit");
  });

  it("says first that nobody controls it, and what to do", () => {
    const { next } = screenOf(watched(release(), { isAlive: false }));
    expect(next[0]).toMatchObject({
      tone: "bad",
      text: expect.stringContaining("canary start --resume rel-1"),
    });
  });

  it("shows a router that has another share, or cannot be read, as bad", () => {
    expect(screenOf(watched(release(), { bps: 0 })).facts[1]).toMatchObject({
      tone: "bad",
      text: expect.stringContaining("5 % set, gateway has 0 %"),
    });
    const { notes } = screenOf(watched(release(), { bps: null }));
    expect(notes[0]).toEqual({ tone: "bad", text: "nobody listens" });
  });
});

describe("the next decision", () => {
  it.each<[ReleaseState, RegExp]>([
    [STEP, /^judged in 3m 00s and after 30 more conversations of the new version; so far/],
    [{ name: "PAUSED", step: 0, reason: "drift" }, /resume verifies the split again$/],
    [{ name: "PAUSED", step: 0, reason: "approval" }, /waits for an approval by somebody/],
    [{ name: "AWAITING_APPROVAL" }, /cancelled in 23h 57m otherwise$/],
    [{ name: "ABORTING" }, /^sets the split to 0/],
    [{ name: "ROLLBACK_HELD" }, /^HELD: the stable version does not answer/],
    [{ name: "ROLLED_BACK" }, /agentctl incident show/],
    [{ name: "SUCCEEDED" }, /^promoted: bbbbbbbbbbbb is the stable version/],
  ])("of %o", (state, expected) => {
    expect(watched(release({ state })).next[0]).toMatch(expected);
  });

  it("asks for an approval where the step wants one, and pauses at the longest bake", () => {
    expect(watched(release()).next[1]).toBe(
      "a pass asks for an approval, which leads to 100 %; undecided in 18m 00s (20m 00s of bake) pauses",
    );
  });
});
