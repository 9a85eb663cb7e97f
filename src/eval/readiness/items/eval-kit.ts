import { metricOfJudge } from "../../../config/judge/scale-categories.js";
import type { GoldenCase } from "../../../core/golden-case.js";
import type { MetricLayer } from "../../../core/score.js";
import { datasetPower } from "../../../datasets/tools/dataset-power.js";
import { metricByName } from "../../../metrics/registry.js";
import { isExternalAgent } from "../agent-kind.js";
import type { ReadinessFacts } from "../facts.js";
import {
  change,
  command,
  evidence,
  type Finding,
  gap,
  type ItemDefinition,
  lines,
  met,
  named,
  noRun,
  skipped,
  unknown,
} from "../finding.js";

/** Independent groups of cases below which an interval is too wide for any use: ±13 points at a rate of 90 %. */
const LEAST_GROUPS = 30;
/** Kinds of cases, by tag or risk, that stand for more than one sort of question. */
const LEAST_KINDS = 3;
/** Tags of cases that came from failures; a part of a tag counts too. */
const FAILURE_TAGS: ReadonlySet<string> = new Set([
  "regression",
  "failure",
  "incident",
  "harvest",
  "harvested",
  "bug",
  "production",
]);
/** What `agentctl dataset power` assumes too. */
const ASSUMED = { power: 0.8, rate: 0.9, discordant: 0.1 };

export const evalKitItems: readonly ItemDefinition[] = [
  {
    id: "eval-kit.representative",
    list: "eval-kit",
    title: "Enough cases of enough kinds",
    why: "A few cases of one kind say nothing of what users ask.",
    check: representative,
  },
  {
    id: "eval-kit.failure-cases",
    list: "eval-kit",
    title: "Failures became cases",
    why: "What went wrong once goes wrong again unless a case holds it.",
    check: ({ dataset: { cases, file } }) => {
      const found = cases.filter(({ tags }) => tags.some(isFailureTag));
      return found.length > 0
        ? met(evidence(`${share(found.length, cases.length)} come from failures by their tags`, file))
        : gap(
            evidence(
              `none of ${cases.length} cases has a tag such as regression, incident or harvested`,
              file,
            ),
            change(
              "add what went wrong as cases with the tag `regression`; `/save-case` in `agentctl chat` writes one",
            ),
          );
    },
  },
  {
    id: "eval-kit.holdout",
    list: "eval-kit",
    title: "Some cases are held out",
    why: "A prompt that was tuned on every case looks better than it is.",
    check: ({ dataset: { cases, file } }) => {
      const held = cases.filter(({ split }) => split === "holdout").length;
      return held > 0
        ? met(evidence(`${share(held, cases.length)} are held out`, file))
        : gap(
            evidence("no case has the split holdout", file),
            command(`agentctl dataset split ${file} --holdout 20% --in-place`),
          );
    },
  },
  {
    id: "eval-kit.stages",
    list: "eval-kit",
    title: "Each stage is measured",
    why: "One number for the whole does not say whether to mend the search, the prompt or a tool.",
    check: (facts) => stages(facts),
  },
  {
    id: "eval-kit.reviews",
    list: "eval-kit",
    title: "People approved every high-risk case",
    why: "A wrong expectation in a case that matters teaches the agent the wrong thing.",
    check: reviews,
  },
  {
    id: "eval-kit.judge",
    list: "eval-kit",
    title: "A judge agrees with people",
    why: "A judge that nobody held against people measures its own taste.",
    check: judge,
  },
  {
    id: "eval-kit.margins",
    list: "eval-kit",
    title: "Enough cases for the margins of the gates",
    why: "With too few cases a gate on a margin can never pass, or never fails.",
    check: margins,
  },
  {
    id: "eval-kit.trials",
    list: "eval-kit",
    title: "Cases are tried more than once",
    why: "One try does not tell luck from skill, nor a flaky case from a broken one.",
    check: (facts) => {
      const { run, suite, projectFile } = facts;
      if (run === null) return noRun(facts);
      const { repeatedCases, disagreeingCases, trialsPerCase, id } = run;
      return repeatedCases > 0
        ? met(
            evidence(
              `${trialsPerCase} trials a case; those of ${share(disagreeingCases, repeatedCases)} disagree`,
              `run ${id}`,
            ),
          )
        : gap(
            evidence("one trial a case", `run ${id}`),
            lines(projectFile, "suites:", `  ${suite}:`, "    trials: 3"),
          );
    },
  },
];

function isFailureTag(tag: string): boolean {
  return tag
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((part) => FAILURE_TAGS.has(part));
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} cases (${whole === 0 ? 0 : Math.round((100 * part) / whole)} %)`;
}

function representative({ dataset: { cases, file } }: ReadinessFacts): Finding {
  const groups = new Set(cases.map(({ group }) => group)).size;
  const tags = tally(cases.flatMap((one) => one.tags));
  const risks = tally(cases.flatMap(({ risk }) => (risk === null ? [] : [risk])));
  const found = [
    evidence(`${cases.length} cases in ${groups} independent groups`, file),
    evidence(`by tag: ${shares(tags, cases.length)}`, file),
    evidence(`by risk: ${shares(risks, cases.length)}`, file),
  ];
  const wrong = [
    ...(groups < LEAST_GROUPS ? [`${LEAST_GROUPS - groups} more groups of cases`] : []),
    ...(tags.size < LEAST_KINDS && risks.size < LEAST_KINDS
      ? [`${LEAST_KINDS} tags or risks that tell kinds of questions apart`]
      : []),
    ...(risks.size === 0 ? ["the risk of each case"] : []),
  ];
  return wrong.length === 0 ? met(...found) : gap(found, change(`add ${wrong.join(", and ")}`));
}

function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

function shares(counts: ReadonlyMap<string, number>, cases: number): string {
  if (counts.size === 0) return "none stated";
  return named(
    [...counts].map(([name, count]) => `${name} ${count} (${Math.round((100 * count) / cases)} %)`),
  );
}

function stages(facts: ReadinessFacts): Finding {
  const { run, agents } = facts;
  if (run === null) return noRun(facts);
  const isExternal = isExternalAgent(agents[0].config);
  const searches = agents.some(({ config }) => "retrieval" in config && config.retrieval !== undefined);
  const wanted: readonly MetricLayer[] = [
    ...(searches || isExternal ? (["retrieval"] as const) : []),
    "generation",
    "agent",
    "operations",
    "safety",
  ];
  const place = `run ${run.id}`;
  const measuredOf = (layer: MetricLayer) =>
    run.estimates.filter((one) => one.layer === layer && one.value !== null && one.n > 0);
  const found = wanted.flatMap((layer) => {
    const metrics = measuredOf(layer).map(({ metric }) => metric);
    return metrics.length === 0 ? [] : [evidence(`${layer}: ${named(metrics, 2)}`, place)];
  });
  const missing = wanted.filter((layer) => measuredOf(layer).length === 0);
  if (missing.length === 0) return met(...found);
  const lacking = missing.map((layer) => evidence(`${layer}: not measured`, place));
  const fix = change(
    `state in the cases what metrics of ${named(missing)} need; \`agentctl metrics\` lists it`,
  );
  return isExternal && missing.every((layer) => layer === "retrieval") && run.traces.silent.searches > 0
    ? unknown([...found, ...lacking], change("let the agent report its searches with each reply"))
    : gap([...lacking, ...found], fix);
}

function reviews({ dataset: { cases, file } }: ReadinessFacts): Finding {
  if (cases.every(({ risk }) => risk === null)) {
    return unknown(
      evidence("no case states its risk", file),
      change("give each case its `risk`: low, medium, high or critical"),
    );
  }
  const high = cases.filter(({ risk }) => risk === "high" || risk === "critical");
  if (high.length === 0) return skipped("no case is of high or critical risk");
  const isApproved = ({ review }: GoldenCase) => review?.status === "approved";
  const open = high.filter((one) => !isApproved(one));
  const found = evidence(
    `${high.length - open.length} of ${high.length} high-risk cases are approved by a person`,
    file,
  );
  return open.length === 0
    ? met(found)
    : gap(
        [found, evidence(`not approved: ${named(open.map(({ id }) => id))}`, `${file}:${open[0]?.line}`)],
        change(
          `let a person look at each, and write \`"review": { "status": "approved", "by": …, "at": … }\` into it`,
        ),
      );
}

function judge({ judgements: { judges, judgeFiles }, gates }: ReadinessFacts): Finding {
  const calibrated = judges.filter(({ state }) => state === "calibrated");
  const gated = gates.rules.flatMap(({ rule, place }) =>
    "metric" in rule && rule.metric?.startsWith("judge.") === true ? [{ metric: rule.metric, place }] : [],
  );
  const doubtful = gated.find(({ metric }) => !calibrated.some((one) => metricOfJudge(one.judge) === metric));
  const [other] = judges.filter(({ state }) => state !== "calibrated");
  if (doubtful !== undefined) {
    return gap(
      evidence(
        `the gate on ${doubtful.metric} rests on a judge without a calibration that holds`,
        doubtful.place,
      ),
      command(`agentctl judge calibrate ${doubtful.metric.slice("judge.".length)}`),
    );
  }
  if (calibrated.length > 0) {
    return met(
      ...calibrated.map(({ judge: name, calibration }) =>
        evidence(
          `${name}: kappa ${calibration?.kappa?.toFixed(2)} on ${calibration?.n} labelled items, until ${calibration?.expiresAt.slice(0, 10)}`,
          "judgements.db",
        ),
      ),
    );
  }
  if (other !== undefined) {
    return gap(
      evidence(
        `${other.judge} is ${other.state === "never" ? "not calibrated" : other.state}`,
        "judgements.db",
      ),
      command(`agentctl judge calibrate ${other.judge}`),
    );
  }
  const [file] = judgeFiles;
  return gap(
    evidence(
      file === undefined ? "no judge" : `${judgeFiles.length} judge files, none of which gave a verdict`,
      file ?? null,
    ),
    file === undefined
      ? change("write a judge file into judges/, see docs/judges.md")
      : command(`agentctl judge run latest --judge ${file}`),
  );
}

function margins({ gates, dataset: { cases, file } }: ReadinessFacts): Finding {
  const planned = gates.rules.flatMap(({ rule, place }) => {
    if (!("no_worse_than" in rule) || !("metric" in rule) || "by" in rule) return [];
    const { margin, metric } = rule;
    if (typeof margin !== "number" || margin <= 0 || margin >= 1) return [];
    if (metricByName(metric)?.unit !== "proportion") return [];
    const alpha = rule.alpha ?? gates.config?.defaults.alpha ?? 0.05;
    const power = datasetPower(cases, { ...ASSUMED, alpha, margins: [margin] });
    return [{ place, margin, metric, groups: power.groups, need: power.margins[0]?.asAssumed.needed ?? 0 }];
  });
  if (planned.length === 0) {
    return unknown(
      evidence("no gate has a margin on a rate to plan for", gates.file),
      lines(gates.file, "gates:", "  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }"),
    );
  }
  const short = planned.filter(({ groups, need }) => groups < need);
  const found = (short.length > 0 ? short : planned).map(({ place, margin, metric, groups, need }) =>
    evidence(
      `${metric}, margin ${margin}: ${need} independent groups of cases for 80 % power where 10 % differ; ${file} has ${groups}`,
      place,
    ),
  );
  const missing = Math.max(0, ...short.map(({ need, groups }) => need - groups));
  return short.length === 0
    ? met(...found)
    : gap(
        found,
        change(
          `add ${missing} independent cases, or widen the margin; \`agentctl gate plan\` says what that buys`,
        ),
      );
}
