import type { AgentctlError } from "../../core/errors.js";
import type { Outcome } from "../../report/case-outcome.js";
import { oneLine } from "../../report/plain-text.js";
import { type Color, type Paint, painter, type TextStyle, widthOf } from "../../report/text-style.js";
import type { RoundCause } from "./watch-suite.js";
import type { CaseChange, WatchedRun } from "./watched-run.js";

const CHANGES_SHOWN = 12;
const UNCHANGED_SHOWN = 5;
const FILES_SHOWN = 3;
const LABEL_WIDTH = 14;

export const WATCH_KEYS =
  "r run all, f failing cases only, a affected cases, enter again, p pause, h help, q quit";

/** What began a round, e.g. `prompt.md changed`. */
export function renderCause({ files, scope }: RoundCause): string {
  const shown = files.slice(0, FILES_SHOWN).join(", ");
  const more = files.length > FILES_SHOWN ? ` and ${files.length - FILES_SHOWN} more` : "";
  if (files.length > 0) return `${shown}${more} changed`;
  return { all: "all cases", failing: "failing cases", affected: "affected cases" }[scope];
}

/**
 * The result of a round: what changed, what is still not passed, and how the whole stands.
 *
 * @param elapsedMs - from the save, or from the start of the round where no file was saved
 */
export function renderRound(run: WatchedRun, cause: RoundCause, elapsedMs: number, style: TextStyle): string {
  const paint = painter(style);
  const changed = run.cases.filter(({ before, after }) => before !== after);
  const unchanged = run.cases.filter(({ before, after }) => before === after);
  const shown = [...changed.slice(0, CHANGES_SHOWN), ...unchanged.slice(0, UNCHANGED_SHOWN)];
  const rest = run.cases.length - shown.length;
  const took = `${(elapsedMs / 1000).toFixed(2)} s ${cause.writtenMs === null ? "in all" : "after the save"}`;
  return [
    paint(renderCause(cause), "bold"),
    ...run.notes.map((note) => `  note: ${note}`),
    ...shown.map((one) => caseLine(one, widthOf(style), paint)),
    ...(rest === 0 ? [] : [`  and ${rest} more that changed or are not passed`]),
    `  ${[...totals(run, paint), gateText(run, paint), took].filter((part) => part !== null).join("; ")}`,
  ].join("\n");
}

/** An error that does not end the watch. */
export function renderBroken(error: AgentctlError, cause: RoundCause, style: TextStyle): string {
  const paint = painter(style);
  const lines = error.message.split("\n").map((line) => `  ${line}`);
  const next = error.nextStep === undefined ? [] : [`  next: ${error.nextStep}`];
  return [
    paint(renderCause(cause), "bold"),
    `  ${paint(`error ${error.code}`, "red")}; the results above stand until it is mended`,
    ...lines,
    ...next,
  ].join("\n");
}

function caseLine({ caseId, before, after, reason }: CaseChange, width: number, paint: Paint): string {
  const [label, color] = labelOf(before, after);
  const text = oneLine(`${caseId}${reason === null ? "" : `  ${reason}`}`, width - LABEL_WIDTH - 2);
  return `  ${paint(label.padEnd(LABEL_WIDTH), color)}${text}`;
}

function labelOf(before: Outcome | null, after: Outcome | null): readonly [string, Color] {
  if (after === null) return ["gone", "dim"];
  if (after === "passed") return [before === "failed" || before === "error" ? "fixed" : "passed", "green"];
  if (after === "failed") {
    if (before === "passed") return ["broke", "red"];
    return [before === "failed" ? "still failed" : "failed", "red"];
  }
  if (after === "error") return [before === "error" ? "still error" : "error", "yellow"];
  return [after, "dim"];
}

function totals({ counts, executed, notRun }: WatchedRun, paint: Paint): string[] {
  const parts = [
    paint(`${counts.passed} passed`, "green"),
    paint(`${counts.failed} failed`, ...(counts.failed > 0 ? (["red"] as const) : [])),
    ...(counts.error > 0 ? [paint(`${counts.error} in error`, "yellow")] : []),
    ...(counts.unscored > 0 ? [`${counts.unscored} not scored`] : []),
    ...(counts["not run"] > 0 ? [paint(`${counts["not run"]} not run`, "yellow")] : []),
  ];
  const stale =
    notRun > 0
      ? [
          paint(
            `${notRun === 1 ? "1 case has" : `${notRun} cases have`} no result since the change: a runs them`,
            "yellow",
          ),
        ]
      : [];
  return [parts.join(", "), ...stale, executed === 1 ? "1 trial ran" : `${executed} trials ran`];
}

function gateText({ gate }: WatchedRun, paint: Paint): string | null {
  if (gate === null) return null;
  const open = gate.results.filter((one) => one.verdict !== "pass").map((one) => one.name);
  const color = gate.verdict === "pass" ? "green" : gate.verdict === "fail" ? "red" : "yellow";
  return `gate ${paint(gate.verdict, color)}${open.length === 0 ? "" : ` (${open.slice(0, 3).join(", ")}${open.length > 3 ? ", …" : ""})`}`;
}
