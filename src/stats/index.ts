/**
 * The statistics as a library: `import { wilson } from "agentctl/stats"`. Numbers in, numbers out; every function is
 * pure, and what is undefined is `null`, never NaN.
 */

export type { Alternative } from "./alternative.js";
export { type AssignedUnits, assignmentLogRatio } from "./assignment-log-ratio.js";
export { barnardExact } from "./barnard-exact.js";
export { type BcaInterval, bcaInterval } from "./bca-interval.js";
export { benjaminiHochberg } from "./benjamini-hochberg.js";
export { bernoulliConfidenceSequence } from "./bernoulli-confidence-sequence.js";
export { type BernoulliCusum, type BernoulliCusumOptions, bernoulliCusum } from "./bernoulli-cusum.js";
export { type BernoulliEValueOptions, type BetaPrior, logBernoulliEValue } from "./bernoulli-e-value.js";
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapMean,
  bootstrapRatio,
} from "./bootstrap.js";
export {
  bootstrapLogCostRatio,
  type CaseCosts,
  type LogCostRatioInterval,
} from "./bootstrap-log-cost-ratio.js";
export {
  bootstrapQuantileDifference,
  type ClusteredSample,
  type QuantileDifference,
  type QuantileDifferenceOptions,
} from "./bootstrap-quantile-difference.js";
export {
  type ArmFailure,
  type CanaryFailureEvidence,
  canaryFailureEProcess,
} from "./canary-failure-e-process.js";
export type { ChangeAlternative } from "./change-alternative.js";
export { type ChangePointEvidence, changePointEValue } from "./change-point-e-value.js";
export { clopperPearson } from "./clopper-pearson.js";
export { type ClusteredKappa, clusteredKappa } from "./clustered-kappa.js";
export { type ClusteredMeanDifference, clusteredMeanDifference } from "./clustered-mean-difference.js";
export { type ClusteredMean, clusteredMean } from "./clustered-se.js";
export { type CochranMantelHaenszel, cochranMantelHaenszel } from "./cochran-mantel-haenszel.js";
export { type CohenKappa, cohenKappa, type KappaWeights } from "./cohen-kappa.js";
export { type ContingencyTable, contingencyTable, type Label } from "./contingency-table.js";
export { costPerSuccess, type RatioInterval } from "./cost-per-success.js";
export { type Cusum, type CusumOptions, cusum } from "./cusum.js";
export { type Ewma, type EwmaOptions, ewma } from "./ewma.js";
export { type FisherTest, fisherExact } from "./fisher-exact.js";
export { type FleissKappa, fleissKappa } from "./fleiss-kappa.js";
export { type GwetAc1, gwetAc1 } from "./gwet-ac1.js";
export { holm } from "./holm.js";
export type { ClusterKey, Interval } from "./interval.js";
export { type KappaDifference, type KappaDifferenceOptions, kappaDifference } from "./kappa-difference.js";
export { type AlphaMetric, type KrippendorffAlpha, krippendorffAlpha } from "./krippendorff-alpha.js";
export { type LabelsNeeded, labelsNeeded } from "./labels-needed.js";
export { type MannWhitneyOptions, type MannWhitneyU, mannWhitneyU } from "./mann-whitney-u.js";
export { type McNemarChiSquare, mcnemarChiSquare } from "./mcnemar-chi-square.js";
export { type McNemarTest, mcnemarExact } from "./mcnemar-exact.js";
export { mcnemarMidP } from "./mcnemar-mid-p.js";
export { mdeMcnemar } from "./mde-mcnemar.js";
export { mdeTwoProportions } from "./mde-two-proportions.js";
export { type MeanInterval, meanInterval } from "./mean-interval.js";
export { type Midranks, midranks } from "./midranks.js";
export { mixtureRadius } from "./mixture-radius.js";
export { type MsprtOptions, msprtNormal } from "./msprt-normal.js";
export { nearestRank } from "./nearest-rank.js";
export { newcombe } from "./newcombe.js";
export type { NonInferiority, NonInferiorityOptions, NonInferiorityVerdict } from "./non-inferiority.js";
export { nonInferiorityPaired } from "./non-inferiority-paired.js";
export { nonInferiorityUnpaired } from "./non-inferiority-unpaired.js";
export { type CaseScores, type PairedCaseMeans, pairedCaseMeans } from "./paired-case-means.js";
export type { PairedCounts } from "./paired-counts.js";
export { type PairedTTest, pairedTTest, type TTest } from "./paired-t-test.js";
export { type PassEstimate, passAtK, passHatK, type TaskOutcomes } from "./pass-at-k.js";
export type { PassCount } from "./pass-count.js";
export { type PairVerdict, type PositionBias, positionBias } from "./position-bias.js";
export { powerMcnemar } from "./power-mcnemar.js";
export { powerTwoProportions } from "./power-two-proportions.js";
export {
  type PredictionPoweredEstimate,
  type PredictionPoweredMean,
  predictionPoweredMean,
} from "./prediction-powered-mean.js";
export { type QuantileInterval, quantile, quantileInterval } from "./quantile.js";
export { quantileConfidenceSequence } from "./quantile-confidence-sequence.js";
export {
  type PerQuery,
  type RetrievalOptions,
  type RetrievalReport,
  retrievalMetrics,
} from "./retrieval-metrics.js";
export { type RoganGladen, type RoganGladenInput, roganGladen } from "./rogan-gladen.js";
export { type SampleRatioMismatch, sampleRatioMismatch } from "./sample-ratio-mismatch.js";
export { type SampleSizePairs, sampleSizeMcnemar } from "./sample-size-mcnemar.js";
export {
  type NoninferiorityDesign,
  powerNoninferiorityPaired,
  type SampleSizeNoninferiority,
  sampleSizeNoninferiorityPaired,
} from "./sample-size-noninferiority-paired.js";
export {
  type ProportionMethod,
  type SampleSizePerArm,
  sampleSizeTwoProportions,
  type TwoProportionDesign,
} from "./sample-size-two-proportions.js";
export { type SelfPreference, type SelfPreferenceItem, selfPreference } from "./self-preference.js";
export {
  type SignFlipOptions,
  type SignFlipPermutation,
  signFlipPermutation,
} from "./sign-flip-permutation.js";
export { type SignificantDrop, significantDrop } from "./significant-drop.js";
export { type SklearnNdcgOptions, sklearnNdcg } from "./sklearn-ndcg.js";
export { type SprtDifference, sprtDifference } from "./sprt-difference.js";
export { StatisticsError } from "./statistics-error.js";
export {
  addUnit,
  emptySums,
  type StratifiedDifference,
  type Stratum,
  stratifiedDifference,
  type WeightedSums,
} from "./stratified-difference.js";
export { type StuartMaxwell, stuartMaxwell } from "./stuart-maxwell.js";
export { tango } from "./tango.js";
export type { TestDesign } from "./test-design.js";
export { type TestRetest, testRetest } from "./test-retest.js";
export type { TwoByTwo } from "./two-by-two.js";
export { twoProportionZ, type ZTest } from "./two-proportion-z.js";
export { type LengthVerdict, type VerbosityBias, verbosityBias } from "./verbosity-bias.js";
export { type WeightedOrder, weightedOrder } from "./weighted-order.js";
export { type WelchTTest, welchTTest } from "./welch-t-test.js";
export { type WilcoxonOptions, type WilcoxonSignedRank, wilcoxonSignedRank } from "./wilcoxon-signed-rank.js";
export { wilson } from "./wilson.js";
