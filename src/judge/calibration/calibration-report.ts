import type { CalibrationVerdict } from "../../core/judgement.js";
import type { KappaWeights } from "../../stats/cohen-kappa.js";
import type { LabelsNeeded } from "../../stats/labels-needed.js";
import type { PositionBias } from "../../stats/position-bias.js";
import type { TestRetest } from "../../stats/test-retest.js";
import type { RaterAgreement } from "../rater-agreement.js";
import type { Disagreement } from "./disagreements.js";
import type { HumanAgreement } from "./human-agreement.js";
import type { JoinedJudgements, VerdictChoice } from "./join-judgements.js";
import type { LengthBias } from "./length-bias.js";
import type { SelfPreferenceFinding } from "./self-preference-finding.js";
import type { SliceAgreement } from "./slice-agreement.js";

/** Which judge is calibrated, and by which rules. */
export interface CalibrationRules {
  readonly judge: string;
  readonly judgeVersion: string;
  /** Whether a judge file says what it is, or its verdicts were imported. */
  readonly kind: "file" | "imported";
  /** Rubric of the labels. */
  readonly rubric: string;
  readonly metric: string;
  /** Model that judges, as `provider/name`; `null` when unknown or none. */
  readonly model: string | null;
  /** All labels, from the worst to the best where they have an order. */
  readonly categories: readonly string[];
  /** Whether a later category is better. */
  readonly isOrdered: boolean;
  readonly weights: KappaWeights;
  readonly choice: VerdictChoice;
  /** Whether only items of the holdout count. */
  readonly onlyHoldout: boolean;
  readonly floor: number;
  readonly minLabels: number;
  readonly expiresDays: number;
  /** Confidence level of all intervals, in (0, 1). */
  readonly level: number;
}

/** A proportion in [0, 1] with its Wilson interval; `null` without items. */
interface Share {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Everything that a calibration measured. */
export interface CalibrationReport extends CalibrationRules {
  readonly verdict: CalibrationVerdict;
  /** One sentence: what decided. */
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
  readonly expiresAt: string;
  readonly counts: Omit<JoinedJudgements, "items"> & {
    /** Cases, or groups of cases, that the joined items belong to: what is independent. */
    readonly clusters: number;
    /** Votes of other versions of the judge, which were left out. */
    readonly otherVersions: number;
  };
  readonly accuracy: Share;
  /** People (rows) against the judge (columns). */
  readonly agreement: RaterAgreement;
  readonly marginals: readonly {
    readonly category: string;
    readonly people: number;
    readonly judge: number;
  }[];
  /** The judge that always gives people's commonest label; `null` without items. */
  readonly majority: { readonly category: string; readonly accuracy: number } | null;
  readonly slices: readonly SliceAgreement[];
  /** The judge against itself with the answers swapped, over all items that it judged; `null` when it saw one order. */
  readonly order: { readonly agreement: RaterAgreement; readonly position: PositionBias | null } | null;
  readonly lengthBias: LengthBias | null;
  readonly selfPreference: SelfPreferenceFinding | null;
  /** `null` when nothing was asked twice. */
  readonly retest: TestRetest | null;
  readonly people: HumanAgreement | null;
  readonly labelsNeeded: LabelsNeeded;
  /** The worst, the largest distance first. */
  readonly disagreements: readonly Disagreement[];
}
