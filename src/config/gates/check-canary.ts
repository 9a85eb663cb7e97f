import { didYouMean, listNames } from "../../core/nearest.js";
import { type Finding, valueAt } from "../describe-issues.js";
import { quoteName } from "../found-and-wanted.js";
import { type CanaryMeasure, canaryMeasure, canaryMeasureNames } from "./canary-measures.js";
import { type CanaryThreshold, parseCanaryThreshold } from "./canary-threshold.js";

const PLACE = ["canary", "rollback_triggers"];

/**
 * A trigger names a measure that there is, in a unit that it has, and in the direction in which it is worse. A misspelt
 * one would otherwise never roll anything back.
 */
export function checkCanary(value: unknown): Finding[] {
  const triggers = valueAt(value, PLACE);
  if (triggers === null || typeof triggers !== "object" || Array.isArray(triggers)) return [];
  return Object.entries(triggers).flatMap(([name, trigger]: [string, unknown]): Finding[] => {
    const path = [...PLACE, name];
    const measure = canaryMeasure(name);
    if (measure === undefined) {
      const meant =
        didYouMean(name, canaryMeasureNames) ||
        `; known measures: ${listNames([...canaryMeasureNames, "score.<metric>"], 20)}`;
      return [{ path, message: `unknown measure ${quoteName(name)}${meant}` }];
    }
    const text = valueAt(trigger, ["threshold"]);
    const threshold = typeof text === "string" ? parseCanaryThreshold(text) : null;
    if (threshold === null) return [];
    const message = wrongUnit(name, measure, threshold) ?? wrongDirection(name, measure, threshold);
    return message === null ? [] : [{ path: [...path, "threshold"], message }];
  });
}

const UNIT_WORDS = {
  proportion: "points of a rate, such as `+2%`",
  ms: "a time, such as `+500ms`, or a share, such as `+10%`",
  usd: "an amount, such as `+0.01usd`, or a share, such as `+10%`",
  count: "a count, such as `+1 per 10K conversations`, or a share, such as `+50%`",
  score: "an amount, such as `-0.1`, or a share, such as `-5%`",
} as const;

function wrongUnit(name: string, { unit }: CanaryMeasure, threshold: CanaryThreshold): string | null {
  if (isFitting(name, unit, threshold)) return null;
  const found =
    threshold.per !== null
      ? `a count per ${threshold.per.of}`
      : threshold.unit === "count"
        ? "a plain count"
        : threshold.unit === "ms"
          ? "a time"
          : "an amount of money";
  return `does not fit ${quoteName(name)}: wants ${UNIT_WORDS[unit]}, found ${found}`;
}

function isFitting(name: string, unit: CanaryMeasure["unit"], threshold: CanaryThreshold): boolean {
  if (threshold.unit === "percent") return true;
  if (threshold.unit !== "count") return threshold.unit === unit;
  if (unit === "score") return threshold.per === null;
  if (unit === "count") return true;
  // A rate of conversations cannot be told per request, nor the other way round.
  const isOfRequests = name === "request_error_rate";
  return (
    unit === "proportion" && threshold.per !== null && (threshold.per.of !== "conversations") === isOfRequests
  );
}

function wrongDirection(name: string, { harm }: CanaryMeasure, { change }: CanaryThreshold): string | null {
  if (harm === null || harm === change) return null;
  const sign = harm === "rise" ? "+" : "-";
  return `would roll back a better version: ${quoteName(name)} is worse when it ${harm}s; write \`${sign}\``;
}
