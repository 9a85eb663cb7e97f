import type { CaseMetric, Metric, RunMetric } from "../metrics/metric.js";

/** Everything that there is to know of a metric, for lists and pages. */
export interface MetricDefinition
  extends Pick<
    Metric,
    | "name"
    | "layer"
    | "level"
    | "unit"
    | "direction"
    | "description"
    | "needs"
    | "source"
    | "range"
    | "rules"
    | "agreesWith"
  > {
  /** When a run has it: always, where agentctl.yaml or a gate names it, by the project's own file, or by a judge. */
  readonly given: "default" | "on-request" | "own" | "judge";
  /** How an estimate over a run gets its interval. */
  readonly interval: string;
}

/** Puts the definition of a metric into words. */
export function definitionOf(metric: Metric, given: MetricDefinition["given"]): MetricDefinition {
  const { name, layer, level, unit, direction, description, needs, source, range, rules, agreesWith } =
    metric;
  return {
    name,
    layer,
    level,
    unit,
    direction,
    given,
    description,
    needs,
    source,
    range,
    rules,
    agreesWith,
    interval: metric.level === "run" ? runInterval(metric) : caseInterval(metric),
  };
}

const CLUSTERED = "cluster-robust t (CR1) over cases, or over their groups, with several trials of one";

function caseInterval({ aggregate, unit, layer }: CaseMetric): string {
  if (aggregate === "sum") return "none: the total over the run";
  return aggregate === "proportion"
    ? rateInterval()
    : meanInterval(unit === "proportion" || layer === "retrieval");
}

function rateInterval(): string {
  return `Wilson with one trial a case; ${CLUSTERED}, cut to [0, 1]; Wilson over clusters where all agree`;
}

function meanInterval(isBounded: boolean): string {
  const method = `Student's t with one trial a case; ${CLUSTERED}`;
  return isBounded ? `${method}, cut to [0, 1]; Wilson over clusters where all are 0 or all are 1` : method;
}

function runInterval({ statistic, unit }: RunMetric): string {
  switch (statistic?.kind) {
    case "quantile":
      return "order statistics of the measurements";
    case "ratio":
      return "linearised ratio over clusters, or, with little in it, a BCa bootstrap with a fixed seed";
    case "pass":
      return rateInterval();
    case "mean":
      return meanInterval(unit === "proportion");
    case "sum":
      return "none: the total over the run";
    case undefined:
      return "the method that the report names beside the estimate";
  }
}
