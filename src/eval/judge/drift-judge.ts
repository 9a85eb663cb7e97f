import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { schemeOf, schemeOfLabels, schemeOfRubric } from "../../judge/comparison/judge-scheme.js";
import type { JudgeDriftReport } from "../../judge/drift/drift-page.js";
import { measureDrift } from "../../judge/drift/measure-drift.js";
import { type PeriodKind, periodOf } from "../../judge/drift/period.js";
import { renderDriftMarkdown } from "../../report/judge-drift/judge-drift-markdown.js";
import { withSection } from "../../report/judge-drift/report-sections.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { plannedTexts, writeText } from "../output/write-texts.js";
import { loadProject, type Project } from "../project/load-project.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";
import { calibrationTarget } from "./calibrate-target.js";
import { truthsOf } from "./compare-labels.js";
import { itemTexts } from "./compare-texts.js";
import { anchorItems } from "./drift-anchors.js";
import { importedRubric } from "./import-rubric.js";
import { openProjectJudgements } from "./project-judgements.js";

/** Flags of `agentctl judge drift`. */
export interface DriftFlags {
  readonly config?: string;
  readonly rubric?: string;
  readonly period: PeriodKind;
  readonly at?: string;
  readonly anchor?: string;
  readonly output?: string;
}

const LEVEL = 0.95;
const SEED = 1;

/**
 * `agentctl judge drift`: compares a judge with itself a period ago and writes the report. What other judges have in the
 * same file stays there.
 *
 * @throws {UsageError} when there is no such judge, or flags do not fit it
 * @throws {ConfigError | DatasetError} when a judge file or the anchors cannot be read
 * @throws {StoreError} when the judgements cannot be read or the report cannot be written
 */
export async function judgeDrift(
  reference: string,
  flags: DriftFlags,
  { workingDirectory, clock }: { readonly workingDirectory: string; readonly clock: Clock },
): Promise<JudgeDriftReport> {
  const at = flags.at === undefined ? clock.now() : momentOf(flags.at);
  const project = loadProject(flags.config, workingDirectory);
  const [output] = plannedTexts([flags.output ?? defaultFile(project, at, flags)], [".md"], workingDirectory);
  const file = output?.file ?? "";
  const store = openProjectJudgements(project);
  try {
    const drift = measure(reference, project, flags, { store, at, workingDirectory });
    const shown = shownPath(file, workingDirectory);
    const report = {
      ...drift,
      changedAnchors: drift.changedAnchors.map((one) => ({ ...one, ...itemTexts(store, one.item) })),
      file: shown,
    };
    const before = existsSync(file)
      ? readTextFile(file, shown, "a report", "name another with --output")
      : "";
    await writeText(file, withSection(before, report.judge, renderDriftMarkdown(report)));
    return report;
  } finally {
    store.close();
  }
}

function measure(
  reference: string,
  project: Project,
  flags: DriftFlags,
  services: { readonly store: JudgementStore; readonly at: number; readonly workingDirectory: string },
) {
  const { store, at, workingDirectory } = services;
  const { judge, config, ...target } = calibrationTarget(reference, project, store, workingDirectory);
  const rubric = flags.rubric ?? target.rubric;
  const entries = store.verdicts(judge).filter((entry) => entry.rubric === target.rubric);
  const seen = () => [
    ...truthsOf(store, rubric, null).truths.values(),
    ...entries.flatMap(({ value }) => value ?? []),
  ];
  const ofRubric = config === null ? importedRubric(rubric, project, workingDirectory).config : null;
  const imported = () => (ofRubric === null ? schemeOfLabels(seen()) : schemeOfRubric(ofRubric));
  const scheme = config === null ? imported() : schemeOf(config);
  return measureDrift({
    judge,
    rubric,
    entries,
    truths: truthsOf(store, rubric, scheme.rules.categories).truths,
    scheme,
    period: flags.period,
    at,
    anchors: flags.anchor === undefined ? null : anchorItems(flags.anchor, store, workingDirectory),
    level: LEVEL,
    seed: SEED,
  });
}

function defaultFile(project: Project, at: number, { period }: DriftFlags): string {
  return join(project.root, "reports", `judge-${periodOf(at, period).name}.md`);
}

function momentOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  // `2026-02-30` is taken for the second of March: the text of a date has to be the date itself.
  const isReal = !Number.isNaN(time) && (text.length > 10 || new Date(time).toISOString().startsWith(text));
  if (isReal) return time;
  throw new UsageError(
    `--at ${text}: expected a date such as 2026-11-21, or a time such as 2026-11-21T18:00:00Z`,
  );
}
