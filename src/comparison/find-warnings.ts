import type { RunHeader } from "../core/run.js";
import { IMPORTED_PROVIDER } from "../core/run.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { TrialRow } from "../metrics/metric.js";
import { fisherExact } from "../stats/fisher-exact.js";
import { welchTTest } from "../stats/welch-t-test.js";
import type { ComparisonWarning, Design } from "./comparison.js";
import type { AlignedRows, RunEvidence } from "./evidence.js";
import { formatChange } from "./sentences.js";

/** p below which the first and the second half of a run are said to differ: it is asked of every comparison. */
const ORDER_EFFECT_P = 0.01;
const DAYS_APART = 7;
const MS_PER_DAY = 86_400_000;

/** Everything that keeps a difference between two runs from being the agent's alone, the gravest first. */
export function findWarnings(
  baseline: RunEvidence,
  candidate: RunEvidence,
  rows: AlignedRows,
): ComparisonWarning[] {
  const { design } = rows;
  const both = [
    { name: "baseline", evidence: baseline },
    { name: "candidate", evidence: candidate },
  ];
  return [
    ...datasetWarnings(baseline, candidate, design),
    ...judgeWarnings(baseline.run, candidate.run),
    ...both.flatMap(({ name, evidence }) => trialWarnings(name, evidence)),
    ...setUpWarnings(baseline, candidate, design),
    ...(design.kind === "paired"
      ? pairedOrderWarning(rows)
      : both.flatMap(({ name, evidence }) => orderWarning(name, evidence.rows))),
  ];
}

/** How the cases of two runs differ. */
export function datasetWarnings(a: RunEvidence, b: RunEvidence, design: Design): ComparisonWarning[] {
  const found: ComparisonWarning[] = [];
  const warn = (code: string, message: string) => found.push({ code, message });
  if (design.kind === "unpaired") {
    warn(
      "cases-differ",
      "the runs share too few cases: they are compared as two independent samples, which shows less",
    );
  } else if (design.baselineOnlyCases + design.candidateOnlyCases > 0) {
    warn(
      "cases-left-out",
      `${design.baselineOnlyCases} cases are only in the baseline and ${design.candidateOnlyCases} only in the candidate: they are left out`,
    );
  }
  if (a.run.datasetHash === b.run.datasetHash || design.kind === "unpaired") return found;
  const changed = [...a.cases].filter(([id, one]) => (b.cases.get(id)?.hash ?? one.hash) !== one.hash);
  if (changed.length > 0) {
    const ids = changed.slice(0, 3).map(([id]) => id);
    const more = changed.length > ids.length ? ", …" : "";
    warn(
      "dataset-differs",
      `${changed.length} of the cases changed between the runs (${ids.join(", ")}${more}): their scores answer different questions`,
    );
  }
  return found;
}

/** Who judged the runs, and who played the user, where that differs. */
export function judgeWarnings(a: RunHeader, b: RunHeader): ComparisonWarning[] {
  const versions = new Map(a.judges.map(({ metric, version }) => [metric, version]));
  const differing = b.judges.filter(({ metric, version }) => (versions.get(metric) ?? version) !== version);
  const found: ComparisonWarning[] = differing.map(({ metric }) => ({
    code: "judge-differs",
    message: `${metric} was given by different judges: its difference may be theirs`,
  }));
  if (a.userModel !== b.userModel) {
    const name = (run: RunHeader) => run.userModel ?? "none";
    found.push({
      code: "user-simulator-differs",
      message: `the user was played by ${name(a)} in the baseline and by ${name(b)} in the candidate`,
    });
  }
  return found;
}

function trialWarnings(name: string, { run, rows }: RunEvidence): ComparisonWarning[] {
  const found: ComparisonWarning[] = [];
  const crashed = rows.filter((row) => row.status === "error").length;
  if (crashed > 0) {
    const message = `${crashed} of ${rows.length} trials of the ${name} crashed: they count as failures of ${TASK_SUCCESS} and are left out elsewhere`;
    found.push({ code: "trials-crashed", message });
  }
  const missing = run.plan.length - rows.length;
  if (missing > 0) {
    const message = `${missing} of ${run.plan.length} planned trials of the ${name} are missing (the run is ${run.status})`;
    found.push({ code: "trials-missing", message });
  }
  const untimed = rows.filter((row) => row.status !== "error" && row.untimed !== null).length;
  if (untimed > 0 && untimed < rows.length) {
    const message = `${untimed} of ${rows.length} trials of the ${name} have no time of their own: latencies leave them out`;
    found.push({ code: "trials-untimed", message });
  }
  return found;
}

function setUpWarnings(a: RunEvidence, b: RunEvidence, design: Design): ComparisonWarning[] {
  const found: ComparisonWarning[] = [];
  const warn = (code: string, message: string) => found.push({ code, message });
  const counts = new Map<string, number>();
  for (const row of a.rows) counts.set(row.caseId, (counts.get(row.caseId) ?? 0) + 1);
  for (const row of b.rows) counts.set(row.caseId, (counts.get(row.caseId) ?? 0) - 1);
  const unequal = [...counts.values()].filter((count) => count !== 0).length;
  if (design.kind === "paired" && unequal > design.baselineOnlyCases + design.candidateOnlyCases) {
    const cases = unequal - design.baselineOnlyCases - design.candidateOnlyCases;
    warn("trials-unequal", `${cases} cases have more trials in one run: means by case are compared`);
  }
  if ((a.run.provider === IMPORTED_PROVIDER) !== (b.run.provider === IMPORTED_PROVIDER)) {
    warn(
      "provenance-differs",
      "one run was imported and the other made here: times and costs may be counted differently",
    );
  }
  const concurrency = (run: RunHeader) => run.invocation.maxConcurrency;
  if (concurrency(a.run) !== concurrency(b.run)) {
    warn(
      "concurrency-differs",
      "the runs were made with different concurrency: latencies are not comparable",
    );
  }
  const names = (side: RunEvidence) => new Set(side.set.metrics.map(({ name }) => name));
  const [inA, inB] = [names(a), names(b)];
  const alone = [...inA].filter((name) => !inB.has(name)).concat([...inB].filter((name) => !inA.has(name)));
  if (alone.length > 0) {
    const listed = `${alone.slice(0, 3).join(", ")}${alone.length > 3 ? ", …" : ""}`;
    warn(
      "metrics-differ",
      `${alone.length === 1 ? "1 metric is" : `${alone.length} metrics are`} in one run only and not compared (${listed}): agentctl score computes what is missing`,
    );
  }
  const days = Math.abs(Date.parse(a.run.createdAt) - Date.parse(b.run.createdAt)) / MS_PER_DAY;
  if (days > DAYS_APART) {
    warn(
      "runs-apart",
      `the runs are ${Math.round(days)} days apart: a hosted model may have changed meanwhile`,
    );
  }
  return found;
}

/**
 * The difference on cases that the candidate ran early against that on cases it ran late. Hard cases at one end of the
 * dataset cancel out, as both runs have them.
 */
function pairedOrderWarning({ baseline, candidate }: AlignedRows): ComparisonWarning[] {
  const before = new Map<string, number>();
  for (const row of baseline) {
    const success = row.scores[TASK_SUCCESS]?.value ?? null;
    if (success !== null) before.set(row.caseId, success);
  }
  const timed = candidate
    .flatMap((row) => {
      const success = row.scores[TASK_SUCCESS]?.value ?? null;
      const other = before.get(row.caseId);
      return success === null || other === undefined || row.startedAtMs === undefined
        ? []
        : [{ at: row.startedAtMs, change: success - other }];
    })
    .sort((x, y) => x.at - y.at);
  if (timed.length < 4 || timed[0]?.at === timed.at(-1)?.at) return [];
  const half = Math.floor(timed.length / 2);
  const [early, late] = [timed.slice(0, half), timed.slice(half)].map((part) =>
    part.map(({ change }) => change),
  ) as [number[], number[]];
  const { p } = welchTTest(early, late);
  if (p === null || p >= ORDER_EFFECT_P) return [];
  const points = (changes: readonly number[]) =>
    formatChange(changes.reduce((sum, change) => sum + change, 0) / changes.length, "proportion");
  const message = `order effect: the candidate is ${points(early)} on the half of the cases that it ran first and ${points(late)} on the other`;
  return [{ code: "order-effect", message }];
}

/** Success in the first against the second half of a run, by the time at which trials began. */
function orderWarning(name: string, rows: readonly TrialRow[]): ComparisonWarning[] {
  const timed = rows
    .flatMap((row) => {
      const success = row.scores[TASK_SUCCESS]?.value ?? null;
      return success === null || row.startedAtMs === undefined ? [] : [{ at: row.startedAtMs, success }];
    })
    .sort((x, y) => x.at - y.at);
  if (timed.length < 4 || timed[0]?.at === timed.at(-1)?.at) return [];
  const half = Math.floor(timed.length / 2);
  const table = [timed.slice(0, half), timed.slice(half)].map((part) => {
    const passed = part.filter(({ success }) => success === 1).length;
    return [passed, part.length - passed] as const;
  });
  const [first, second] = table as [readonly [number, number], readonly [number, number]];
  const { p } = fisherExact([first, second], "two-sided");
  if (p === null || p >= ORDER_EFFECT_P) return [];
  const rate = ([passed, failed]: readonly [number, number]) =>
    `${Math.round((100 * passed) / (passed + failed))} %`;
  const message = `order effect in the ${name}: ${rate(first)} of its first half succeeded and ${rate(second)} of its second`;
  return [{ code: "order-effect", message }];
}
