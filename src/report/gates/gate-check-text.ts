import type { CheckedPart, GateCheck } from "../../gates/check/gate-check.js";
import { formatLevel, shortHash } from "../format.js";
import { painter, type TextStyle, widthOf, wrap } from "../text-style.js";

/** What a gate file says, in words: each gate, what it compares with, waivers, canary, warnings. */
export function renderGateCheck(check: GateCheck, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const item = (text: string, indent = "  ") => hanging(text, indent, width);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", paint(title, "bold"), ...lines];
  const count = check.gates.length === 1 ? "1 gate" : `${check.gates.length} gates`;
  const from = check.imports.length === 0 ? "" : `, with ${check.imports.join(", ")}`;
  const cases = check.cases === null ? "" : ` (${check.cases} cases)`;
  return [
    ...wrap(
      `${check.file} holds: ${count}${from} · intervals of ${formatLevel(check.level)} · hash ${shortHash(check.gatesHash)} · for the suite ${check.suite}${cases}`,
      width,
    ),
    ...check.gates.flatMap((gate) => {
      const facts = [
        gate.severity === "minor"
          ? "minor: warns only"
          : `${gate.severity}: where it cannot be told, the run ${gate.onInconclusive === "fail" ? "fails" : "is inconclusive"}`,
        ...(gate.when === null ? [] : [`only when ${gate.when}`]),
        ...(gate.file === check.file ? [] : [`from ${gate.file}`]),
      ];
      return [
        "",
        paint(`${gate.name} (${gate.kind})`, "bold"),
        ...item(`passes when ${gate.passes}`),
        ...gate.parts.flatMap((part) => partLines(part, "    ", width)),
        ...item(facts.join(" · ")).map((line) => paint(line, "dim")),
      ];
    }),
    ...section(
      "Compared with",
      check.baselines.flatMap(({ reference, runId, missing }) =>
        item(`${reference}: ${missing ?? (runId === null ? "a file" : `run ${runId}`)}`),
      ),
    ),
    ...section(
      "Waivers",
      check.waivers.flatMap(({ gate, by, reason, until, daysLeft }) =>
        item(`${gate}: by ${by} until ${until} (${daysInWords(daysLeft)}): ${reason}`),
      ),
    ),
    ...section(
      "Canary",
      check.canary.flatMap((line) => item(line)),
    ),
    ...section(
      "Warnings",
      check.warnings.flatMap(({ gate, message }) =>
        item(gate === null ? message : `${gate}: ${message}`, "  - ").map((line) => paint(line, "yellow")),
      ),
    ),
  ].join("\n");
}

function partLines(part: CheckedPart, indent: string, width: number): string[] {
  return [
    ...hanging(`${part.name}: ${part.passes}`, `${indent}- `, width),
    ...part.parts.flatMap((inner) => partLines(inner, `${indent}  `, width)),
  ];
}

/** A text behind an indent, its further lines below its first. */
function hanging(text: string, indent: string, width: number): string[] {
  const blank = " ".repeat(indent.length);
  return wrap(text, width - indent.length).map((line, index) => `${index === 0 ? indent : blank}${line}`);
}

function daysInWords(days: number): string {
  if (days <= 0) return "expired";
  return days === 1 ? "its last day" : `${days} days left`;
}
