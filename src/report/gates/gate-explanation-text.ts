import type { GateExplanation } from "../../gates/explain/gate-explanation.js";
import { shortHash } from "../format.js";
import { type Paint, painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { VERDICT_COLOR } from "./verdict-color.js";

/** What `gate explain` shows: the arithmetic of one gate on one run. */
export interface ExplainedGateDocument {
  readonly runId: string;
  readonly gatesHash: string;
  readonly explanation: GateExplanation;
}

/** The steps of a gate in their order, each with its formulas, then the verdict; parts indented behind it. */
export function renderGateExplanation(explained: ExplainedGateDocument, style: TextStyle): string {
  const paint = painter(style);
  return [
    ...explanationLines(explained.explanation, "", paint, widthOf(style)),
    "",
    paint(`run ${explained.runId} · gates ${shortHash(explained.gatesHash)}`, "dim"),
  ].join("\n");
}

function explanationLines(
  explanation: GateExplanation,
  indent: string,
  paint: Paint,
  width: number,
): string[] {
  const { name, kind, verdict, reason, toSettle, steps, parts } = explanation;
  const inside = (text: string, more = "  ") =>
    wrap(text, width - indent.length - more.length - 2).map(
      (line, index) => `${indent}${more}${index === 0 ? "" : "  "}${line}`,
    );
  return [
    `${indent}${paint(`${name} (${kind})`, "bold")}`,
    ...steps.flatMap(({ title, lines }, index) => [
      `${indent}  ${index + 1}. ${title}`,
      ...lines.flatMap((line) => inside(line, "     ")),
    ]),
    `${indent}  ${paint(verdict.toUpperCase(), VERDICT_COLOR[verdict], "bold")}`,
    ...inside(reason),
    ...(toSettle === null ? [] : inside(`to settle: ${toSettle}`)),
    ...parts.flatMap((part) => ["", ...explanationLines(part, `${indent}    `, paint, width)]),
  ];
}
