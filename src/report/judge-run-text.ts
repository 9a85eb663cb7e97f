import { formatQuantity } from "../core/quantity.js";
import type { JudgeRunReport } from "../judge/run/judge-run-report.js";
import { formatScore, limitsOf } from "./agreement-words.js";
import { counted } from "./counted.js";
import { formatInterval, formatLevel, formatValue, shortHash } from "./format.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle } from "./text-style.js";

const LABEL_CHARACTERS = 24;
const NAME_CHARACTERS = 60;
const REASON_CHARACTERS = 100;

const UNUSABLE_WORDS = {
  unmapped: "no label of the scale",
  refusal: "declined to judge",
  invalid_reply: "no valid JSON",
  out_of_range: "outside the scale",
} as const;

/** What a judge says of a run, as one JSON document. */
export function renderJudgeRunJson(report: JudgeRunReport): string {
  return renderDocument("judge-run", report);
}

/** What a judge says of a run: how far it came, labels, votes that cannot be used, cost, and the mean. */
export function renderJudgeRun(report: JudgeRunReport, style: TextStyle): string {
  const paint = painter(style);
  const facts: readonly (readonly [string, string])[] = [
    ["items", itemsText(report)],
    ...notJudgedFacts(report),
    ["verdicts", verdictsText(report)],
    ...(report.flips === null ? [] : ([["flips", flipsText(report)]] as const)),
    ...unusableFacts(report),
    ["calls", callsText(report)],
    ...estimateFacts(report),
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    paint(headline(report), "bold"),
    ...facts.map(([name, text]) => `  ${paint(name.padEnd(width), "dim")}${text}`),
    ...report.warnings.map((warning) => paint(`warning: ${warning}`, "yellow")),
    ...endLines(report),
  ].join("\n");
}

function headline({ judge, judgedRun, against }: JudgeRunReport): string {
  const who = judge.model ?? `${judge.heuristic}, a baseline without a model`;
  const what = judgedRun === null ? "labelled items" : `run ${judgedRun}`;
  const pair = against === null ? "" : ` against ${against}`;
  const version = `rubric ${oneLine(judge.rubricVersion, LABEL_CHARACTERS)}, version ${shortHash(judge.version)}`;
  return `${judge.name} by ${oneLine(who, NAME_CHARACTERS)} on ${what}${pair} (${version})`;
}

function itemsText({ items, judge, stoppedBy }: JudgeRunReport): string {
  const orders = judge.orders === 2 ? " in both orders" : "";
  const votes =
    judge.votes === 1 && judge.orders === 1 ? "" : `, ${counted(judge.votes, "vote")} each${orders}`;
  const left =
    items.left === 0 ? "" : `, ${items.left} left${stoppedBy === null ? "" : ` by the ${stoppedBy}`}`;
  const failed = items.failed === 0 ? "" : `, ${items.failed} could not be asked about`;
  return `${items.judged} of ${items.planned} judged${votes}${left}${failed}`;
}

function notJudgedFacts({ items }: JudgeRunReport): readonly (readonly [string, string])[] {
  return Object.entries(items.notJudged).map(([reason, count]) => [
    "not judged",
    `${count}: ${oneLine(reason, REASON_CHARACTERS)}`,
  ]);
}

function verdictsText({ verdicts, withoutVerdict }: JudgeRunReport): string {
  const labels = verdicts.map(({ label, items }) => `"${oneLine(label, LABEL_CHARACTERS)}" ${items}`);
  return [...labels, ...(withoutVerdict === 0 ? [] : [`none ${withoutVerdict}`])].join(", ");
}

function flipsText({ flips, items }: JudgeRunReport): string {
  return `${flips} of ${items.judged} verdicts changed with the order of the answers: a tie each`;
}

function unusableFacts({
  judge,
  unusable,
  unmappedWords,
}: JudgeRunReport): readonly (readonly [string, string])[] {
  const reasons = (Object.keys(UNUSABLE_WORDS) as (keyof typeof UNUSABLE_WORDS)[]).filter(
    (reason) => unusable[reason] > 0,
  );
  if (reasons.length === 0) return [["unusable", "no votes"]];
  const counts = reasons.map((reason) => `${unusable[reason]} ${UNUSABLE_WORDS[reason]}`).join(", ");
  const isMappable = judge.model !== null && judge.scale !== "claims";
  const hint = isMappable ? "; `synonyms` of the judge file can map them" : "";
  const words = unmappedWords.map(({ word, votes }) => `"${oneLine(word, LABEL_CHARACTERS)}" ${votes}`);
  return [
    ["unusable", `votes: ${counts}; they are no score`],
    ...(words.length === 0 ? [] : ([["words", `${words.join(", ")}${hint}`]] as const)),
  ];
}

function callsText(report: JudgeRunReport): string {
  const { calls, cachedCalls, storedVotes, budgetUsd, judge } = report;
  if (judge.model === null) return `none: no model; ${counted(storedVotes, "vote")} stored before`;
  const budget = budgetUsd === null ? "" : ` of ${formatQuantity(budgetUsd, "usd")}`;
  return `${calls}, ${cachedCalls} from the cache, ${counted(storedVotes, "vote")} stored before, ${costText(report)}${budget}`;
}

function costText({ calls, costUsd, unpricedCalls }: JudgeRunReport): string {
  if (unpricedCalls === 0) return formatQuantity(costUsd, "usd");
  if (unpricedCalls === calls) return "cost unknown: no price for this model";
  return `${formatQuantity(costUsd, "usd")} and ${unpricedCalls} calls without a price`;
}

/** The mean as the judge gives it, and beside it what is left without the judge's errors. */
function estimateFacts({ estimate, corrected }: JudgeRunReport): readonly (readonly [string, string])[] {
  if (estimate.value === null)
    return [["mean", `none: ${oneLine(estimate.reason ?? "no score", REASON_CHARACTERS)}`]];
  const interval = formatInterval(estimate);
  const limits = interval === "" ? "no interval" : `${formatLevel(estimate.level)} ${interval}`;
  return [
    ["mean", `${estimate.metric} ${formatValue(estimate)}, ${limits}, n ${estimate.n}, as the judge says it`],
    ...correctedFacts(corrected),
  ];
}

function correctedFacts(corrected: JudgeRunReport["corrected"]): readonly (readonly [string, string])[] {
  if (corrected === null) return [];
  const { roganGladen, tuned, labels, warnings } = corrected;
  const rows = [
    ["Rogan–Gladen", roganGladen],
    ["prediction-powered, tuned", tuned],
  ] as const;
  const found = rows.flatMap(([name, mean]) =>
    mean.estimate === null ? [] : [`${name} ${formatScore(mean.estimate)} ${limitsOf(mean)}`.trimEnd()],
  );
  const doubts =
    warnings.length === 0 ? "" : `; ${counted(warnings.length, "warning")}: agentctl judge estimate`;
  return found.length === 0
    ? []
    : [["corrected", `${found.join("; ")}, by ${counted(labels.used, "label")}${doubts}`]];
}

function endLines({ run, items, judgedRun, stoppedBy }: JudgeRunReport): readonly string[] {
  if (run !== null) return [`stored as run ${run}`];
  if (items.failed > 0) return ["no run was stored: the same command asks for the missing votes"];
  if (stoppedBy !== null) return ["no run was stored: the same command with a higher limit goes on"];
  return judgedRun === null ? [] : ["no run was stored"];
}
