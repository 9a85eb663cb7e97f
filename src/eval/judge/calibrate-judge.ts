import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Clock } from "../../core/clock.js";
import { contentHash } from "../../core/hash.js";
import type { Calibration, Subject } from "../../core/judgement.js";
import { listNames } from "../../core/nearest.js";
import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import { isHoldoutItem } from "../../judge/calibration/disagreements.js";
import { measureCalibration } from "../../judge/calibration/measure-calibration.js";
import { latestVotes } from "../../judge/comparison/latest-votes.js";
import { currentLabels } from "../../judge/current-labels.js";
import { renderCalibrationHtml } from "../../report/calibration/calibration-html.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { plannedTexts, writeText } from "../output/write-texts.js";
import { loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { type CalibrateFlags, calibrationPlan } from "./calibrate-rules.js";
import { type CalibrationTarget, calibrationTarget, rubricConfig } from "./calibrate-target.js";
import { openProjectJudgements } from "./project-judgements.js";

/** What `agentctl judge calibrate` came to. */
export interface CalibrateResult {
  readonly report: CalibrationReport;
  /** The HTML file, relative to the working directory; `null` when none was asked for. */
  readonly written: string | null;
  /** Why there may be nothing to measure, and what to do. */
  readonly notes: readonly string[];
}

/**
 * Measures a judge against the labels of people and stores what it came to, whatever that is: an earlier calibration of the
 * same version counts no more.
 *
 * @throws {UsageError} when there is no such judge, or flags do not fit it
 * @throws {ConfigError} with every problem of a judge file
 * @throws {StoreError} when the judgements or the HTML file cannot be read or written
 */
export async function calibrateJudge(
  reference: string,
  flags: CalibrateFlags,
  services: { readonly workingDirectory: string; readonly clock: Clock },
): Promise<CalibrateResult> {
  const { workingDirectory, clock } = services;
  const outputs = plannedTexts(
    flags.html === undefined ? [] : [flags.html],
    [".html", ".htm"],
    workingDirectory,
    "--html",
  );
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectJudgements(project);
  try {
    const target = calibrationTarget(reference, project, store, workingDirectory);
    const scale = rubricConfig(flags.rubric ?? target.rubric, project, workingDirectory);
    const report = measure(target, flags, { store, scale, now: clock.now() });
    store.addCalibration(calibrationOf(report), JSON.stringify(report));
    const [output] = outputs;
    if (output !== undefined) await writeText(output.file, renderCalibrationHtml(report), "--html");
    return {
      report,
      written: output === undefined ? null : shownPath(output.file, workingDirectory),
      notes: notesOf(report, store),
    };
  } finally {
    store.close();
  }
}

function measure(
  target: CalibrationTarget,
  flags: CalibrateFlags,
  {
    store,
    scale,
    now,
  }: { readonly store: JudgementStore; readonly scale: JudgeConfig | null; readonly now: number },
): CalibrationReport {
  const subjectOf = remembered((item) => store.item(item));
  const counts = flags.holdout === true ? (item: string) => isHoldoutItem(subjectOf(item)) : () => true;
  const all = store.verdicts(target.judge);
  const allVotes = all.filter((vote) => vote.judgeVersion === target.judgeVersion && counts(vote.item));
  const labels = store.labels(flags.rubric ?? target.rubric).filter(({ item }) => counts(item));
  const { rules, verdictRules, votes } = calibrationPlan(target, flags, { labels, votes: allVotes }, scale);
  return measureCalibration(rules, {
    labels: currentLabels(labels),
    votes: latestVotes(allVotes, votes ?? Number.POSITIVE_INFINITY),
    allVotes,
    verdictRules,
    otherVersions: all.filter(({ judgeVersion }) => judgeVersion !== target.judgeVersion).length,
    subjectOf,
    now,
  });
}

function remembered(read: (item: string) => Subject | null): (item: string) => Subject | null {
  const known = new Map<string, Subject | null>();
  return (item) => {
    const found = known.get(item);
    if (found !== undefined) return found;
    const subject = read(item);
    known.set(item, subject);
    return subject;
  };
}

function calibrationOf(report: CalibrationReport): Calibration {
  const { judge, judgeVersion, rubric, metric, verdict, reason, floor, at, expiresAt, agreement } = report;
  const { kappa, lower, upper } = agreement.kappa;
  return {
    judge,
    judgeVersion,
    rubric,
    metric,
    verdict,
    reason,
    kappa,
    lower,
    upper,
    n: agreement.n,
    floor,
    at,
    expiresAt,
    reportHash: contentHash(report),
  };
}

function notesOf(
  { counts, rubric, judge, kind, onlyHoldout }: CalibrationReport,
  store: JudgementStore,
): string[] {
  const notes: string[] = [];
  const where = onlyHoldout ? " in the holdout" : "";
  if (counts.labelled === 0) {
    const others = [...new Set(store.labels().map((label) => label.rubric))].sort();
    const known =
      others.length === 0 ? "" : `; there are labels of ${listNames(others)}, name one with --rubric`;
    notes.push(
      `no labels of rubric ${rubric}${where}${known}; \`agentctl review\` or \`agentctl import labels\` adds some`,
    );
  }
  if (counts.judged === 0) {
    const old =
      counts.otherVersions === 0 ? "" : ` of this version (${counts.otherVersions} of others are left out)`;
    const next = kind === "file" ? `; \`agentctl judge run RUN --judge ${judge}\` gives some` : "";
    notes.push(`no verdicts of ${judge}${old}${where}${next}`);
  }
  return notes;
}
