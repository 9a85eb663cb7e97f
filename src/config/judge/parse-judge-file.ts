import { type Finding, valueAt } from "../describe-issues.js";
import { parseYamlFile } from "../yaml-file.js";
import { type JudgeConfig, type JudgeScale, judgeSchema } from "./judge-schema.js";
import { categoriesOf } from "./scale-categories.js";

/**
 * Reads `judges/*.yaml`. Labels that occur twice, synonyms and examples that name no label, and votes that the scale
 * cannot average are problems at their line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseJudgeFile(text: string, file: string): JudgeConfig {
  return parseYamlFile(text, file, judgeSchema, [labels, oneJudge, oneModel, votes]);
}

function scaleOf(value: unknown): JudgeScale | null {
  const parsed = judgeSchema.shape.scale.safeParse(valueAt(value, ["scale"]));
  return parsed.success ? parsed.data : null;
}

function labels(value: unknown): readonly Finding[] {
  const scale = scaleOf(value);
  if (scale === null) return [];
  const known = categoriesOf(scale);
  const twice = known.find((label, index) => known.indexOf(label) !== index);
  if (twice !== undefined)
    return [{ path: ["scale"], message: `the label ${JSON.stringify(twice)} occurs twice` }];
  const wanted = `wants one of the scale's labels: ${known.join(", ")}`;
  const isStrange = (label: unknown) => label !== undefined && !known.includes(String(label));
  const synonyms = Object.entries((valueAt(value, ["synonyms"]) ?? {}) as object);
  const examples = (valueAt(value, ["examples"]) ?? []) as readonly unknown[];
  return [
    ...synonyms
      .filter(([, label]) => isStrange(label))
      .map(([word]) => ({ path: ["synonyms", word], message: wanted })),
    ...(Array.isArray(examples) ? examples : []).flatMap((example, index) =>
      isStrange(valueAt(example, ["value"])) ? [{ path: ["examples", index, "value"], message: wanted }] : [],
    ),
    ...(scale.kind === "categorical" ? scale.good : []).flatMap((label, index) =>
      known.includes(label) ? [] : [{ path: ["scale", "good", index], message: wanted }],
    ),
    ...unordered(scale),
  ];
}

function unordered(scale: JudgeScale): readonly Finding[] {
  if (scale.kind !== "ordinal") return [];
  return scale.levels.flatMap(({ value }, index) => {
    const before = scale.levels[index - 1];
    return before === undefined || before.value < value
      ? []
      : [
          {
            path: ["scale", "levels", index, "value"],
            message: `wants a grade above ${before.value}: from the worst to the best`,
          },
        ];
  });
}

function oneJudge(value: unknown): readonly Finding[] {
  const given = ["model", "heuristic"].filter((key) => valueAt(value, [key]) !== undefined);
  return given.length === 1
    ? []
    : [{ path: given.slice(1), message: "wants `model` or `heuristic`, one of them" }];
}

function oneModel(value: unknown): readonly Finding[] {
  if (valueAt(value, ["model", "fallbacks"]) === undefined) return [];
  return [
    { path: ["model", "fallbacks"], message: "wants no fallbacks: another model would be another judge" },
  ];
}

function votes(value: unknown): readonly Finding[] {
  const aggregation = valueAt(value, ["aggregation"]);
  const kind = scaleOf(value)?.kind;
  return (aggregation === "median" || aggregation === "mean") && kind !== undefined && kind !== "ordinal"
    ? [{ path: ["aggregation"], message: `\`${aggregation}\` needs an ordinal scale` }]
    : [];
}
