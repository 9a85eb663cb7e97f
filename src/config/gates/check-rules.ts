import { didYouMean } from "../../core/nearest.js";
import { type Finding, valueAt } from "../describe-issues.js";
import { quoteName } from "../found-and-wanted.js";
import { parseCaseCondition } from "./case-condition.js";
import { numberOf, type PlacedRule, textOf } from "./rule-places.js";
import { parseWhenCondition } from "./when-condition.js";

/** Keys that say something of a gate as a whole, so that a part has no use for them. */
const OF_THE_WHOLE = ["severity", "on_inconclusive", "when"] as const;

/**
 * What one rule may not say whatever its numbers are.
 *
 * @param metrics - those that a rule may name; all when left out
 */
export function checkRule(placed: PlacedRule, metrics: readonly string[] | undefined): Finding[] {
  const found = [
    ...unknownMetric(placed, metrics),
    ...needlessCalibration(placed),
    ...brokenConditions(placed),
    ...keysOfTheWhole(placed),
    ...marginOfSlices(placed),
    ...repeatedCases(placed),
  ];
  return found.map((finding) => ({ ...finding, path: [...placed.path, ...finding.path] }));
}

function unknownMetric({ rule }: PlacedRule, known: readonly string[] | undefined): Finding[] {
  const metric = textOf(rule, "metric");
  if (metric === undefined || known === undefined || known.includes(metric)) return [];
  const suggestion = didYouMean(metric, known) || "; `agentctl metrics` lists them";
  return [{ path: ["metric"], message: `unknown metric ${quoteName(metric)}${suggestion}` }];
}

/** A rule that asks for what cannot be would never pass, or be thought to check something. */
function needlessCalibration({ rule }: PlacedRule): Finding[] {
  const metric = textOf(rule, "metric");
  if (textOf(rule, "requires") !== "calibrated" || metric === undefined || metric.startsWith("judge."))
    return [];
  const message = `only metrics of judges (\`judge.…\`) can be calibrated, found ${quoteName(metric)}; remove \`requires\``;
  return [{ path: ["requires"], message }];
}

const CONDITIONS = {
  when: parseWhenCondition,
  where: parseCaseCondition,
  must_pass: parseCaseCondition,
} as const;

function brokenConditions({ rule }: PlacedRule): Finding[] {
  return (["when", "where", "must_pass"] as const).flatMap((key) => {
    const text = textOf(rule, key);
    const parsed = text === undefined ? undefined : CONDITIONS[key](text);
    if (parsed === undefined || "value" in parsed) return [];
    return [{ path: [key], message: `\`${key}\` ${parsed.problem}` }];
  });
}

function keysOfTheWhole({ rule, role }: PlacedRule): Finding[] {
  if (role !== "part") return [];
  return OF_THE_WHOLE.filter((key) => valueAt(rule, [key]) !== undefined).map((key) => ({
    path: [key],
    message: `\`${key}\` of a part says nothing; write it beside the outermost \`all\` or \`any\``,
  }));
}

function marginOfSlices({ rule, role }: PlacedRule): Finding[] {
  if (role !== "slices") return [];
  const margin = numberOf(rule, "margin") ?? textOf(rule, "margin");
  const baseline = textOf(rule, "no_worse_than");
  if (baseline !== undefined && margin === undefined) {
    return [
      { path: ["no_worse_than"], message: "wants `margin` beside it: how much may be lost, such as 0.05" },
    ];
  }
  if (baseline !== undefined || margin === undefined) return [];
  return [{ path: ["margin"], message: "`margin` has no meaning without `no_worse_than`; remove it" }];
}

function repeatedCases({ rule }: PlacedRule): Finding[] {
  const ids = valueAt(rule, ["must_pass"]);
  if (!Array.isArray(ids)) return [];
  return ids.flatMap((id: unknown, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            path: ["must_pass", index],
            message: `case ${quoteName(String(id))} stands here twice; keep one`,
          },
        ],
  );
}
