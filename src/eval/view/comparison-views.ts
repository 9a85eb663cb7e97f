import { AgentctlError, UsageError } from "../../core/errors.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { comparisonParts } from "../../report/comparison/comparison-html.js";
import type { TrendReport } from "../../report/trend-report.js";
import { type TrendQuery, trendsPage } from "../../report/view/trends-page.js";
import { casePath, linkHtml, runPath, trialPath } from "../../report/view/view-links.js";
import { compareInStore } from "../compare/compare-stored-runs.js";
import { refuseUnlike } from "../compare/refuse-unlike.js";
import { trendInStore } from "../compare/trend-runs.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";
import { NothingThere, type ViewReply, type ViewRequest, type ViewSite } from "./view-site.js";

const MOST_CANDIDATES = 5;
const DEFAULT_LIMIT = "50";
const MOST_RUNS = 1_000;

/**
 * `/compare?baseline=A&candidate=B`: the comparison of runs; `run` instead of both takes the oldest as the baseline.
 *
 * @throws {UsageError} when they are not two or more different runs, or are unlike
 */
export function viewComparison({ store }: ViewSite, { query }: ViewRequest): ViewReply {
  const find = (reference: string) => {
    const run = store.getRun(reference);
    if (run === null) throw new NothingThere(`The store has no run ${reference}, or it was deleted.`);
    return run;
  };
  const selected = query.getAll("run").map(find);
  if (selected.length > 1) {
    const oldestFirst = selected.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)).map(({ id }) => id);
    const [baseline = "", ...candidates] = oldestFirst;
    return { location: comparePath(baseline, candidates) };
  }
  const references = [query.get("baseline") ?? "", ...query.getAll("candidate")];
  if (selected.length === 1 || references.length < 2 || references.includes("")) {
    throw new UsageError("expected two runs, a baseline and a candidate", {
      nextStep: "select two runs in the list",
    });
  }
  if (references.length > MOST_CANDIDATES + 1) {
    throw new UsageError(`expected at most ${MOST_CANDIDATES} candidates, found ${references.length - 1}`);
  }
  const runs = references.map(find);
  const report = compareInStore(store, runs, {}, (baseline, candidates) =>
    refuseUnlike(baseline, candidates, TASK_SUCCESS, null),
  );
  const parts = comparisonParts(
    report,
    (runId, caseId, trial) =>
      `<p>${linkHtml(trialPath(runId, caseId, trial), "Trace")} · ${linkHtml(casePath(caseId, { suite: runs[0]?.suite ?? "" }), "this case in all runs")}</p>`,
  );
  const [baseline, candidate] = runs.map(({ id }) => id);
  const links = runs.map(
    ({ id }, index) => `${index === 0 ? "baseline" : "candidate"} ${linkHtml(runPath(id), id)}`,
  );
  if (runs.length === 2)
    links.push(linkHtml(comparePath(candidate ?? "", [baseline ?? ""]), "the other way round"));
  return {
    page: {
      ...parts,
      title: `${parts.title} · agentctl view`,
      script: null,
      data: [],
      place: "runs",
      above: [{ path: "/", text: "Runs" }],
      main: [`<p class="facts">${links.join(" · ")}</p>`, ...parts.main],
    },
  };
}

function comparePath(baseline: string, candidates: readonly string[]): string {
  const query = new URLSearchParams({ baseline });
  for (const candidate of candidates) query.append("candidate", candidate);
  return `/compare?${query}`;
}

/** `/trends?suite=S&metric=M`: one metric over the runs of a suite. */
export function viewTrends(site: ViewSite, { query: asked }: ViewRequest): ViewReply {
  const { store, catalogue } = site;
  const suites = catalogue.suites().map(({ name }) => name);
  const [newest] = store.listRuns({ limit: 1 });
  const suite = asked.get("suite") || newest?.suite || "";
  const [latest] = store.listRuns({ suite, limit: 1 });
  const limit = Number(asked.get("limit") || DEFAULT_LIMIT);
  const by = asked.get("by") ?? "";
  const query: TrendQuery = {
    suite,
    metric: asked.get("metric") || TASK_SUCCESS,
    by: by === "risk" || by === "tag" ? by : "",
    limit: Number.isSafeInteger(limit) && limit >= 1 && limit <= MOST_RUNS ? String(limit) : DEFAULT_LIMIT,
  };
  const metrics = latest === undefined ? [] : metricSetOfRun(latest).metrics.map(({ name }) => name);
  return { page: trendsPage(query, { suites, metrics: [...metrics].sort() }, trendOf(site, query)) };
}

/** The trend, or why there is none. */
function trendOf(site: ViewSite, { suite, metric, by, limit }: TrendQuery): TrendReport | string {
  const { store, project, workingDirectory } = site;
  const slices = by === "risk" || by === "tag" ? ({ by } as const) : {};
  try {
    return trendInStore(store, project, metric, { suite, limit: Number(limit), ...slices }, workingDirectory);
  } catch (error) {
    if (error instanceof AgentctlError && error.exitCode === 2) return error.message;
    throw error;
  }
}
