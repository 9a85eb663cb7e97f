import type { Subject, VerdictEntry } from "../../core/judgement.js";
import { type ClusteredKappa, clusteredKappa } from "../../stats/clustered-kappa.js";
import { cohenKappa } from "../../stats/cohen-kappa.js";
import { wilson } from "../../stats/wilson.js";
import type { ItemLabels } from "../current-labels.js";
import { type FinalVerdict, finalVerdicts, type VerdictRules } from "../final-verdicts.js";
import { biasOfOrders } from "../pair-labels.js";
import { type RaterAgreement, raterAgreement } from "../rater-agreement.js";
import type { CalibrationReport, CalibrationRules } from "./calibration-report.js";
import { type CalibrationEvidence, calibrationVerdict } from "./calibration-verdict.js";
import { worstDisagreements } from "./disagreements.js";
import { humanAgreement } from "./human-agreement.js";
import { type JoinedItem, joinJudgements } from "./join-judgements.js";
import { lengthBias } from "./length-bias.js";
import { moreLabels } from "./more-labels.js";
import { repeatedVotes } from "./repeated-votes.js";
import { selfPreferenceFinding } from "./self-preference-finding.js";
import { sliceAgreement } from "./slice-agreement.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a calibration rests on. */
export interface CalibrationData {
  readonly labels: readonly ItemLabels[];
  /** Votes that count, of one version of the judge. */
  readonly votes: readonly VerdictEntry[];
  /** All votes of this version, those of earlier judgements too. */
  readonly allVotes: readonly VerdictEntry[];
  readonly verdictRules: VerdictRules;
  readonly otherVersions: number;
  readonly subjectOf: (item: string) => Subject | null;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Measures how far a judge agrees with people, and decides what it may be used for. */
export function measureCalibration(rules: CalibrationRules, data: CalibrationData): CalibrationReport {
  const { categories, weights, level, floor, minLabels } = rules;
  const { labels, subjectOf, verdictRules, now } = data;
  const verdicts = finalVerdicts(data.votes, verdictRules);
  const { items, ...counts } = joinJudgements(labels, verdicts, { choice: rules.choice, categories });
  const people = items.map(({ truth }) => categories.indexOf(truth));
  const judge = items.map(({ judged }) => categories.indexOf(judged));
  const clusters = items.map(({ item }) => clusterOf(item, subjectOf(item)));
  const agreement = withClusters(
    raterAgreement(people, judge, { categoryCount: categories.length, weights, level }),
    clusteredKappa(people, judge, clusters, {
      categories: categories.map((_, index) => index),
      weights,
      level,
    }),
  );
  const { kappa } = agreement;
  const evidence: CalibrationEvidence = {
    n: items.length,
    clusters: new Set(clusters).size,
    kappa: kappa.kappa,
    lower: kappa.lower,
    upper: kappa.upper,
    observed: kappa.po,
    expected: kappa.pe,
    baseline: bestConstant(people, rules),
    labelsOfPeople: new Set(people).size,
    labelsOfJudge: new Set(judge).size,
    floor,
    minLabels,
    level,
  };
  const accuracy = wilson(items.filter(({ truth, judged }) => truth === judged).length, items.length, level);
  return {
    ...rules,
    ...calibrationVerdict(evidence),
    at: new Date(now).toISOString(),
    expiresAt: new Date(now + rules.expiresDays * DAY_MS).toISOString(),
    counts: { ...counts, clusters: evidence.clusters, otherVersions: data.otherVersions },
    accuracy:
      items.length === 0
        ? { value: null, lower: null, upper: null }
        : { value: accuracy.estimate, lower: accuracy.lower, upper: accuracy.upper },
    agreement,
    marginals: categories.map((category, index) => ({
      category,
      people: people.filter((label) => label === index).length,
      judge: judge.filter((label) => label === index).length,
    })),
    majority: majorityOf(items, categories),
    slices: sliceAgreement(items, subjectOf, rules),
    order: orderOf(verdicts, rules),
    lengthBias: lengthBias(items, subjectOf, rules),
    selfPreference: selfPreferenceFinding(items, subjectOf, rules),
    retest: repeatedVotes(finalVerdicts(data.allVotes, verdictRules), rules),
    people: humanAgreement(labels, rules),
    labelsNeeded: moreLabels({ ...evidence, se: kappa.se }),
    disagreements: worstDisagreements(items, subjectOf, rules),
  };
}

/** Trials of one case, and cases of one group, are alike. */
function clusterOf(item: string, subject: Subject | null): string {
  return subject?.slices.group ?? subject?.origin?.caseId ?? item;
}

/** Of the two intervals of kappa the wider one: that of clusters may be narrow by chance where there are few. */
function withClusters(
  agreement: RaterAgreement,
  { se, lower, upper, clusters }: ClusteredKappa,
): RaterAgreement {
  const isWider = clusters < agreement.n && se !== null && se > (agreement.kappa.se ?? 0);
  return isWider ? { ...agreement, kappa: { ...agreement.kappa, se, lower, upper } } : agreement;
}

/** Most that one constant label would agree with people, with the weights of kappa; `null` without labels. */
function bestConstant(
  people: readonly number[],
  { categories, weights }: Pick<CalibrationRules, "categories" | "weights">,
): number | null {
  const shares = categories.map((_, constant) => {
    const always = people.map(() => constant);
    return cohenKappa(people, always, { categories: categories.map((_, index) => index), weights }).po ?? 0;
  });
  return people.length === 0 ? null : Math.max(...shares);
}

function majorityOf(
  items: readonly JoinedItem[],
  categories: readonly string[],
): CalibrationReport["majority"] {
  if (items.length === 0) return null;
  const counts = categories.map((category) => items.filter(({ truth }) => truth === category).length);
  const most = Math.max(...counts);
  return { category: categories[counts.indexOf(most)] ?? "", accuracy: most / items.length };
}

function orderOf(
  verdicts: readonly FinalVerdict[],
  { categories, weights, level }: CalibrationRules,
): CalibrationReport["order"] {
  const both = verdicts.filter(({ votes }) => new Set(votes.map(({ order }) => order)).size === 2);
  if (both.length === 0) return null;
  const position = (label: string | null | undefined) => {
    const index = label == null ? -1 : categories.indexOf(label);
    return index === -1 ? null : index;
  };
  const settings = { categoryCount: categories.length, weights, level };
  const agreement = raterAgreement(
    both.map(({ first }) => position(first)),
    both.map(({ swapped }) => position(swapped)),
    settings,
  );
  return {
    agreement,
    position: biasOfOrders(
      both.map(({ first, swapped }) => [first, swapped ?? null]),
      categories,
    ),
  };
}
