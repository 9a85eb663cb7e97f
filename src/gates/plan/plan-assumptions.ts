import type { TrialRow } from "../../metrics/metric.js";
import type { PlanWorld } from "./plan-input.js";
import type { PlanPool } from "./plan-pool.js";
import { cutOf, plantKindOf } from "./plant.js";
import { poolFacts } from "./pool-facts.js";

/** Where the trials come from that runs are drawn from: a stored run, or nothing but an assumed rate. */
export type PlanSource =
  | {
      readonly name: string;
      readonly runId: string;
      readonly rows: readonly TrialRow[];
      readonly broken: number;
    }
  | { readonly rate: number };

const FLAGS: Readonly<Record<PlanPool["discordantFrom"], string>> = {
  flag: "as asked for with --discordant",
  trials: "as the repeated trials of that run show",
  assumed: "assumed, because no case was run twice; --discordant sets it",
};

/** What the figures rest on, a sentence each. */
export function planAssumptions(source: PlanSource, pool: PlanPool, world: PlanWorld): string[] {
  const { metrics } = world.set;
  const hasRate = metrics.some((metric) => plantKindOf(metric) === "rate");
  const hasLoad = metrics.some((metric) => plantKindOf(metric) === "load");
  return [
    ...sourceSentences(source),
    ...discordantSentences(pool),
    "Baseline and candidate are both drawn anew: the figures are averages over baselines, not those of one lucky or unlucky run.",
    ...(hasRate
      ? ["A drop turns that share of all trials from good to bad, at random, in every metric at once."]
      : []),
    ...(hasLoad ? [ratioSentence(world)] : []),
    "No trial is broken by infrastructure.",
  ];
}

function sourceSentences(source: PlanSource): string[] {
  if ("rate" in source) {
    return [
      `No run of the suite is stored: ${percent(source.rate)} of the trials are taken to be good (--rate sets it), each metric 0 or 1, times and costs lognormal with a p95 of 2.7 medians.`,
    ];
  }
  const { rows, runId, name, broken } = source;
  const cases = new Set(rows.map((row) => row.caseId)).size;
  const left = broken === 0 ? "" : `; ${broken} broken ones are left out`;
  return [
    `Trials are drawn from ${name} (run ${runId}): ${rows.length} trials of ${cases} cases${left}. Its rates, times and costs are taken for true.`,
  ];
}

function discordantSentences({ primary, discordant, discordantFrom, pool }: PlanPool): string[] {
  if (primary === null || discordant === null) {
    return ["No rule looks at single outcomes: times and costs of two runs are drawn independently."];
  }
  const { rate } = poolFacts(pool, primary);
  const most = poolFacts({ ...pool, redraw: 1 }, primary).discordant ?? 1;
  const limit =
    discordantFrom !== "trials" && discordant >= most - 1e-9
      ? `, which is as often as independent trials differ at this rate`
      : "";
  return [
    `${primary} is ${rate === null ? "unknown" : percent(rate)}; two runs of one agent differ on ${percent(discordant)} of the cases${limit} (${FLAGS[discordantFrom]}).`,
  ];
}

function ratioSentence({ set }: PlanWorld): string {
  const cut = cutOf(set.metrics);
  const times = cut === 0 ? "all times" : `the slowest ${percent(1 - cut)} of the times`;
  return `A ratio multiplies ${times}, and all costs, tokens and counts; outcomes stay as they are.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
