import { DOCTOR_AREAS, type DoctorCheck, type DoctorReport, type DoctorState } from "./doctor-report.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { type Color, painter, type TextStyle, widthOf, wrap } from "./text-style.js";

const COLORS: { readonly [State in DoctorState]: Color } = {
  ok: "green",
  warning: "yellow",
  problem: "red",
  unknown: "dim",
};
const STATE_WIDTH = 9;
const LONGEST_EVIDENCE = 1000;

/** The checks by area, each with what was found and what mends it. */
export function renderDoctor({ checks }: DoctorReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const lines: string[] = [];
  const indent = " ".repeat(STATE_WIDTH + 4);
  const show = ({ name, state, evidence, fix }: DoctorCheck) => {
    const text = `${name}: ${oneLine(evidence, LONGEST_EVIDENCE)}`;
    const [first = "", ...rest] = wrap(text, width - indent.length);
    lines.push(`  ${paint(state.padEnd(STATE_WIDTH), COLORS[state])}  ${first}`);
    lines.push(...rest.map((line) => indent + line));
    if (fix !== null) lines.push(`${indent}${paint("fix:", "bold")} ${fix}`);
  };
  for (const area of DOCTOR_AREAS) {
    const found = checks.filter((check) => check.area === area);
    if (found.length === 0) continue;
    if (lines.length > 0) lines.push("");
    lines.push(paint(area, "bold"));
    for (const check of found) show(check);
  }
  const count = (state: DoctorState) => checks.filter((check) => check.state === state).length;
  lines.push(
    "",
    `${count("problem")} problems, ${count("warning")} warnings, ${count("unknown")} unknown, ${count("ok")} ok`,
  );
  return lines.join("\n");
}

export function renderDoctorJson(report: DoctorReport): string {
  return renderDocument("doctor-report", report);
}
