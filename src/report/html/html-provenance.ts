import type { GateResult } from "../../gates/gate-report.js";
import type { GateCalibration } from "../../gates/judge-standing.js";
import { agentText } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import { shortHash } from "../format.js";
import type { RunReport } from "../run-report.js";

/** What was run, by which judges it was scored, and how to run it again. */
export function provenanceHtml(report: RunReport): string {
  const { run, gate, comparison } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["run", run.id],
    ["status", run.status],
    ["started", run.createdAt],
    ["finished", run.finishedAt ?? "not yet"],
    ["agent", `${run.agentName}@${run.agentVersion}`],
    ["prompt version", run.promptVersion ?? "not said"],
    ["model", `${run.provider}/${run.model}`],
    ...(run.userModel === null ? [] : [["user played by", run.userModel] as const]),
    ["dataset", `${run.datasetPath}@${run.datasetHash}`],
    ["trials per case", String(run.trialsPerCase)],
    ["seed", String(run.seed)],
    [
      "commit",
      run.gitCommit === null ? "unknown" : `${run.gitCommit}${run.gitDirty === true ? " with changes" : ""}`,
    ],
    ["gates", gate?.gatesHash ?? "not judged"],
    ...(comparison === null
      ? []
      : [["baseline", `${comparison.baseline.run.id}, ${agentText(comparison.baseline)}`] as const]),
    ...(run.tags.length === 0 ? [] : [["tags", run.tags.join(", ")] as const]),
    ["agentctl", run.agentctlVersion],
  ];
  const items = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<section id="provenance" class="provenance" aria-labelledby="provenance-title"><h2 id="provenance-title">What was run</h2><dl class="facts-list mono">${items.join("")}</dl>${judgesHtml(report)}<h3 class="plain">Run it again</h3><pre class="again" tabindex="0">${escapeHtml(commandOf(report))}</pre><p class="hint">The same dataset, agent and seed; a model may still answer otherwise. Its report without running it again: <code>agentctl report ${escapeHtml(run.id)}</code></p></section>`;
}

const FLAGS: Readonly<Record<string, string>> = {
  dataset: "--dataset",
  agent: "--agent",
  recording: "--recording",
  without: "--without",
  limit: "--limit",
  filterPattern: "--filter-pattern",
  filterTag: "--filter-tag",
  caseId: "--case-id",
  timeout: "--timeout",
};

/** The command that runs the same evaluation; paths are shown by their last two parts, as they are of another machine. */
function commandOf({ run, comparison }: RunReport): string {
  if (run.provider === "imported") return `agentctl report ${run.id}`;
  const given = Object.entries(FLAGS).flatMap(([key, flag]) => {
    const value = run.invocation[key];
    if (value === undefined || value === null) return [];
    // A flag that may be given several times holds one value each time.
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => `${flag} ${quoted(portable(String(one)))}`);
  });
  return [
    `agentctl eval --suite ${quoted(run.suite)}`,
    ...given,
    `--trials ${run.trialsPerCase}`,
    `--seed ${run.seed}`,
    ...(comparison === null ? [] : [`--baseline ${quoted(comparison.baseline.run.id)}`]),
  ].join(" ");
}

function portable(value: string): string {
  return value.startsWith("/") ? value.split("/").slice(-2).join("/") : value;
}

function quoted(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function judgesHtml({ run, gate }: RunReport): string {
  if (run.judges.length === 0) return "";
  const calibrations = new Map<string, GateCalibration>();
  const gather = (results: readonly GateResult[]) => {
    for (const { metric, calibration, parts } of results) {
      if (metric !== null && calibration !== null) calibrations.set(metric, calibration);
      gather(parts);
    }
  };
  gather(gate?.results ?? []);
  const items = run.judges.map(({ metric, version }) => {
    const words = calibrationText(calibrations.get(metric));
    return `<li><code>${escapeHtml(metric)}</code> judge ${escapeHtml(shortHash(version))}: ${escapeHtml(words)}</li>`;
  });
  return `<h3 class="plain">Judges</h3><ul class="apart">${items.join("")}</ul>`;
}

function calibrationText(found: GateCalibration | undefined): string {
  if (found === undefined) return "no gate rests on it, or it is not calibrated";
  const { verdict, kappa, lower, upper, n, expiresAt, hasExpired } = found;
  const amount = (value: number | null) => (value === null ? "none" : value.toFixed(2));
  return `${verdict}, kappa ${amount(kappa)} [${amount(lower)}, ${amount(upper)}] on ${n} labels, ${hasExpired ? "expired" : "until"} ${expiresAt.slice(0, 10)}`;
}
