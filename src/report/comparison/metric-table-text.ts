import type { ChangeVerdict, MetricComparison } from "../../comparison/comparison.js";
import { cutMiddle } from "../cut-middle.js";
import { oneLine } from "../plain-text.js";
import { type Color, type Paint, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import {
  amountText,
  byVerdict,
  changeText,
  decidingP,
  intervalTitle,
  limitsText,
  methodText,
  pText,
  VERDICT_WORDS,
} from "./comparison-words.js";

/** Columns from which the whole table fits. */
const WIDE = 110;
const MOST_NAME_CHARACTERS = 28;
const COLORS: Readonly<Record<ChangeVerdict, Color>> = {
  worse: "red",
  better: "green",
  "no-difference-shown": "bold",
  unknown: "yellow",
};

/** Every metric of both runs, by verdict; test and interval stand as a letter that is explained below. */
export function metricLines(
  metrics: readonly MetricComparison[],
  level: number,
  paint: Paint,
  width: number,
): string[] {
  const isWide = width >= WIDE;
  const methods = new Map<string, string>();
  const known = metrics.filter((metric) => metric.verdict !== "unknown");
  const rows = new Map(known.map((metric) => [metric, cellsOf(metric, methods, isWide)]));
  const [titles = "", ...lines] = textTable(
    [
      { title: "metric" },
      { title: "baseline", align: "right" },
      { title: "candidate", align: "right" },
      { title: "difference", align: "right" },
      ...(isWide
        ? [
            { title: intervalTitle(level) },
            { title: "p (Holm)", align: "right" as const },
            { title: "n", align: "right" as const },
          ]
        : [{ title: "p (Holm)", align: "right" as const }]),
      { title: "how" },
    ],
    known.map((metric) => rows.get(metric) ?? []),
  );
  const lineOf = new Map(known.map((metric, index) => [metric, lines[index] ?? ""]));
  return [
    paint(titles, "dim"),
    ...byVerdict(metrics).flatMap((group) =>
      group.verdict === "unknown"
        ? unknownLines(group.metrics, paint, width)
        : [
            paint(`${VERDICT_WORDS[group.verdict]} (${group.metrics.length})`, COLORS[group.verdict]),
            ...group.metrics.flatMap((metric) => [
              lineOf.get(metric) ?? "",
              ...(isWide ? [] : limitLines(metric, level, paint)),
            ]),
          ],
    ),
    ...legendLines(methods, paint, width),
  ];
}

function cellsOf(metric: MetricComparison, methods: Map<string, string>, isWide: boolean): string[] {
  const { unit, difference, isPrimary } = metric;
  const p = pText(decidingP(metric));
  return [
    `  ${shortName(metric)}${isPrimary ? " *" : ""}`,
    amountText(metric.baseline.value, unit),
    amountText(metric.candidate.value, unit),
    changeText(difference.value, unit),
    ...(isWide ? [limitsText(difference, unit), p, sizeText(metric)] : [p]),
    letterOf(methodText(metric), methods),
  ];
}

function limitLines(
  { difference, unit, ...metric }: MetricComparison,
  level: number,
  paint: Paint,
): string[] {
  const limits = limitsText(difference, unit);
  if (limits === "") return [];
  const interval = `${intervalTitle(level)} ${limits}`;
  return [paint(`    ${interval} · n ${sizeText({ difference, ...metric })}`, "dim")];
}

/** Beginning and end of a long name stay: they tell `latency.turn_p50_ms` from `latency.turn_p95_ms`. */
function shortName({ metric }: Pick<MetricComparison, "metric">): string {
  return cutMiddle(oneLine(metric, 200), MOST_NAME_CHARACTERS);
}

/** `40`, or `476 in 40` when the measurements are not independent. */
function sizeText({ difference: { n, clusters } }: Pick<MetricComparison, "difference">): string {
  return n === clusters ? String(n) : `${n} in ${clusters}`;
}

function letterOf(method: string, methods: Map<string, string>): string {
  const known = methods.get(method);
  if (known !== undefined) return known;
  const index = methods.size;
  const letter = `${index >= 26 ? String.fromCharCode(96 + Math.floor(index / 26)) : ""}${String.fromCharCode(97 + (index % 26))}`;
  methods.set(method, letter);
  return letter;
}

function unknownLines(metrics: readonly MetricComparison[], paint: Paint, width: number): string[] {
  const byReason = new Map<string, string[]>();
  for (const { metric, difference } of metrics) {
    const reason = difference.reason ?? "no interval and no test";
    byReason.set(reason, [...(byReason.get(reason) ?? []), shortName({ metric })]);
  }
  return [
    paint(`${VERDICT_WORDS.unknown} (${metrics.length})`, COLORS.unknown),
    ...[...byReason].flatMap(([reason, names]) =>
      wrap(`${names.join(", ")}: ${oneLine(reason, 200)}`, width - 4).map(
        (line, index) => `${index === 0 ? "  " : "    "}${line}`,
      ),
    ),
  ];
}

function legendLines(methods: ReadonlyMap<string, string>, paint: Paint, width: number): string[] {
  const notes = [
    "* the metric asked about: its p is its own. Holm adjusts the p of all others together.",
    "n: pairs of cases or measurements, and the independent groups that they lie in",
    ...[...methods].map(([method, letter]) => `${letter}  ${method}`),
  ];
  return notes.flatMap((note) =>
    wrap(note, width - 4).map((line, index) => paint(`${index === 0 ? "" : "   "}${line}`, "dim")),
  );
}
