import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import { formatScore, formatShare, labelText, limitsOf } from "../agreement-words.js";
import { counted } from "../counted.js";
import { oneLine } from "../plain-text.js";

const NAME_CHARACTERS = 40;
const LEAST_SHOWN = 0.0001;

/** The day of a time in ISO 8601, in UTC. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** Name of a judge, a rubric or a person on one line. */
export function nameText(name: string): string {
  return oneLine(name, NAME_CHARACTERS);
}

/** A p value; what is next to nothing is not spelt out. */
export function chanceText(p: number): string {
  return p < LEAST_SHOWN ? `p < ${LEAST_SHOWN}` : `p = ${formatScore(p)}`;
}

/** What was joined, and what was left out and why; nothing is left out silently. */
export function countSentences({ counts, agreement, onlyHoldout }: CalibrationReport): readonly string[] {
  const {
    labelled,
    judged,
    withoutVerdict,
    withoutLabel,
    disputed,
    byMajority,
    strangeLabels,
    otherVersions,
  } = counts;
  const nulls = Object.entries(counts.nullVerdicts);
  const verb = (count: number, one: string, many: string) => (count === 1 ? one : many);
  const parts: readonly (string | null)[] = [
    `${counted(agreement.n, "item")} joined of ${labelled} labelled and ${judged} judged${onlyHoldout ? " in the holdout" : ""}`,
    ...(counts.clusters < agreement.n
      ? [`of ${counted(counts.clusters, "case")}: kappa's interval holds that`]
      : []),
    withoutVerdict === 0 ? null : `${counted(withoutVerdict, "label")} without a verdict`,
    withoutLabel === 0 ? null : `${counted(withoutLabel, "verdict")} without a label`,
    disputed === 0 ? null : `${counted(disputed, "disputed item")} left out until somebody adjudicates`,
    byMajority === 0
      ? null
      : `${counted(byMajority, "item")} ${verb(byMajority, "counts", "count")} by the majority of people`,
    strangeLabels === 0 ? null : `${counted(strangeLabels, "label")} outside the categories`,
    nulls.length === 0
      ? null
      : `no usable verdict: ${nulls.map(([reason, count]) => `${count} ${reason.replaceAll("_", " ")}`).join(", ")}`,
    otherVersions === 0 ? null : `${counted(otherVersions, "vote")} of other versions of the judge left out`,
  ];
  return parts.filter((part) => part !== null);
}

/** Whether the judge prefers a slot, in words; `null` when it saw one order. */
export function positionSentence({ order }: CalibrationReport): string | null {
  if (order === null) return null;
  const { agreement, position } = order;
  const kappa = `kappa ${formatScore(agreement.kappa.kappa)} ${limitsOf(agreement.kappa)}`.trimEnd();
  const self = `same verdict ${formatShare(agreement.agreement)} of ${agreement.n} in both orders, ${kappa}`;
  if (position === null) return self;
  const { firstOnly, secondOnly, bias, p } = position;
  return `${self}; ${counted(firstOnly, "flip")} to the first answer, ${secondOnly} to the second; bias ${formatScore(bias)}, ${chanceText(p)}`;
}

/** Whether the judge errs towards long answers, in words; `null` where it cannot be told. */
export function lengthSentence({ lengthBias }: CalibrationReport): string | null {
  if (lengthBias === null) return null;
  const p = chanceText(lengthBias.p);
  if (lengthBias.kind === "pairs") {
    const { n, errorsToLonger, errorsToShorter, bias } = lengthBias;
    return `of ${counted(n, "pair")} ${counted(errorsToLonger, "error")} towards the longer answer, ${errorsToShorter} towards the shorter; bias ${formatScore(bias)}, ${p}`;
  }
  const { n, longer, shorter, medianCharacters } = lengthBias;
  const half = ({ over, under }: typeof longer) => `${over} too good and ${under} too bad`;
  return `of ${counted(n, "answer")} those above ${formatScore(medianCharacters)} characters are graded ${half(longer)}, the others ${half(shorter)}; ${p}`;
}

/** Whether the judge agrees with itself, in words; `null` when nothing was asked twice. */
export function retestSentence({ retest }: CalibrationReport): string | null {
  if (retest === null) return null;
  const { repeated, pairwiseAgreement, consistency, fleissKappa } = retest;
  const fleiss = fleissKappa === null ? "" : `, Fleiss' kappa ${formatScore(fleissKappa)}`;
  return `${counted(repeated, "question")} asked more than once: votes agree ${formatShare(pairwiseAgreement)}, all of them on ${formatShare(consistency.estimate)}${fleiss}`;
}

/** Whether the judge favours models of its own family, in words; `null` where it cannot be told. */
export function selfPreferenceSentence({ selfPreference }: CalibrationReport): string | null {
  if (selfPreference === null) return null;
  const { family, own, other, difference, reason } = selfPreference;
  const sizes = `${counted(own, "answer")} of its own family (${family}), ${other} of others`;
  if (difference === null || reason !== null) return `${sizes}: ${reason ?? "not defined"}`;
  return `${sizes}: mean error ${formatScore(difference)} ${limitsOf(selfPreference)} higher on its own`;
}

/** What more labels would do; `null` when the judge is calibrated. */
export function labelsSentence({ labelsNeeded, verdict, floor }: CalibrationReport): string | null {
  if (verdict === "calibrated") return null;
  const { more, reason } = labelsNeeded;
  if (more === null) return reason;
  return more === 0
    ? null
    : `about ${more} more would bring the lower limit to ${formatScore(floor)}, if kappa stays what it is`;
}

/** How far people agree: the ceiling of every judge; `null` when no item has two labels. */
export function peopleSentence({ people }: CalibrationReport): string | null {
  if (people === null) return null;
  return `${people.authors} people on ${counted(people.items, "item")}: alpha ${formatScore(people.alpha)}, the most to expect of a judge`;
}

/** What always giving the commonest label would agree; `null` without items. */
export function majoritySentence({ majority }: CalibrationReport): string | null {
  if (majority === null) return null;
  return `a judge that always says ${labelText(majority.category)} would agree ${formatShare(majority.accuracy)}`;
}

/** `kappa 0.37 [0.12, 0.62]` or why there is none. */
export function sliceKappa(
  { n, kappa, lower, upper }: CalibrationReport["slices"][number],
  fewest: number,
): string {
  if (n < fewest) return `fewer than ${fewest} items`;
  return kappa === null ? "not defined" : `${formatScore(kappa)} ${limitsOf({ lower, upper })}`.trimEnd();
}
