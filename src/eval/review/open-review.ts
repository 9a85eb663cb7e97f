import { randomUUID } from "node:crypto";
import { dirname, resolve } from "node:path";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { Subject } from "../../core/judgement.js";
import type { ReviewMode } from "../../judge/review/review-plan.js";
import { leaseFile, openItemLeases } from "../../store/item-leases.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { loadJudgeFile } from "../judge/load-judge-file.js";
import { openProjectJudgements } from "../judge/project-judgements.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { openReviewSession, type ReviewSession, type ReviewSource } from "./review-session.js";
import { subjectsOfRubric, subjectsOfRun, subjectsOfScale } from "./review-subjects.js";

/** What is reviewed and how, as the command line gives it. */
export interface ReviewFlags {
  readonly config?: string;
  /** Name or path of the judge file whose rubric is asked. */
  readonly judge: string;
  /** Run whose answers stand second in pairs. */
  readonly against?: string;
  /** Review items that have labels or verdicts under the rubric instead of a run. */
  readonly items?: boolean;
  readonly limit?: number;
  readonly seed?: number;
  readonly sample?: number;
  readonly perItem?: number;
  /** In [0, 1]. */
  readonly overlap?: number;
  readonly annotators?: readonly string[];
  readonly leastLabelled?: boolean;
  readonly adjudicate?: boolean;
  readonly onlyFlagged?: boolean;
}

export interface ReviewContext {
  readonly workingDirectory: string;
  readonly clock: Clock;
}

/** A rubric, its items, and the place that labels go to. */
export interface OpenReview {
  readonly judge: JudgeConfig;
  readonly mode: ReviewMode;
  readonly subjects: readonly Subject[];
  readonly store: JudgementStore;
  /** @param annotator - from `annotatorName` or `checkedName` */
  session(annotator: string, source: ReviewSource): ReviewSession;
  close(): void;
}

/**
 * Reads what there is to review.
 *
 * @param reference - run; `null` with `items`
 * @throws {UsageError} when the flags contradict each other, or there is nothing to review
 * @throws {ConfigError} when project or judge file cannot be used
 */
export function openReview(
  reference: string | null,
  flags: ReviewFlags,
  { workingDirectory, clock }: ReviewContext,
): OpenReview {
  const mode = modeOf(flags);
  requireOneSource(reference, flags);
  const project = loadProject(flags.config, workingDirectory);
  const { config: judge } = loadJudgeFile(flags.judge, project, workingDirectory);
  requirePairs(judge, flags);
  const store = openProjectJudgements(project);
  const leases = openItemLeases(
    leaseFile(dirname(resolve(project.root, project.config.store))),
    randomUUID(),
    () => clock.now(),
  );
  const close = () => {
    leases.close();
    store.close();
  };
  try {
    const found = reference === null ? subjectsOfRubric(store, judge.name) : runSubjects(reference);
    const subjects = subjectsOfScale(found, judge);
    const shared = { store, leases, judge, subjects, clock, mode, ...settings(flags) };
    return {
      judge,
      mode,
      subjects,
      store,
      session: (annotator, source) => openReviewSession({ ...shared, annotator, source }),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }

  function runSubjects(run: string): readonly Subject[] {
    const runs = openProjectStore(project);
    try {
      const against = flags.against === undefined ? null : requireRun(runs, flags.against);
      return subjectsOfRun(runs, requireRun(runs, run), against);
    } finally {
      runs.close();
    }
  }
}

function modeOf({ adjudicate, onlyFlagged }: ReviewFlags): ReviewMode {
  if (adjudicate === true && onlyFlagged === true) {
    throw new UsageError("--adjudicate and --only-flagged: expected one of them", {
      nextStep: "settle disagreements first, then look at what is flagged",
    });
  }
  return adjudicate === true ? "adjudicate" : onlyFlagged === true ? "flagged" : "label";
}

function requireOneSource(reference: string | null, { items }: ReviewFlags): void {
  if ((reference === null) !== (items === true)) {
    throw new UsageError(
      reference === null ? "expected a run to review, found none" : "--items: expected no run beside it",
      {
        nextStep:
          "`agentctl review latest --judge helpfulness` reviews a run, --items what was imported for the rubric",
      },
    );
  }
}

function requirePairs({ name, scale }: JudgeConfig, { against, items }: ReviewFlags): void {
  if (against === undefined || (scale.kind === "pairwise" && items !== true)) return;
  throw new UsageError(`--against ${against}: expected a run and a rubric on a pairwise scale`, {
    nextStep:
      items === true
        ? "leave --against or --items out"
        : `rubric "${name}" is about single answers: leave it out`,
  });
}

/** Flags that a session takes as they are. */
function settings({ limit, seed, sample, perItem, overlap, annotators, leastLabelled }: ReviewFlags) {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(seed === undefined ? {} : { seed }),
    ...(sample === undefined ? {} : { sample }),
    ...(perItem === undefined ? {} : { perItem }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(annotators === undefined ? {} : { authors: annotators }),
    ...(leastLabelled === true ? { order: "least_labelled" as const } : {}),
  };
}
