import type { Verdict } from "../core/score.js";
import { escapeHtml } from "./escape-html.js";
import { plainText } from "./plain-text.js";
import type { RunReport } from "./run-report.js";

/** What a badge says, and the color that says it again. */
interface Badge {
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

const COLORS = {
  pass: "#1a7f37",
  fail: "#cf222e",
  inconclusive: "#9a6700",
  error: "#cf222e",
  none: "#57606a",
} as const satisfies { readonly [Name in Verdict | "none"]: string };

/** `pass · 57 of 60 trials passed`; a run without scored trials says so, never 0 or 100 %. */
function badgeOf({ run, gate, totals }: RunReport): Badge {
  const scored = totals.passed + totals.failed;
  const rate = scored === 0 ? "nothing scored" : `${totals.passed} of ${scored} trials passed`;
  return {
    label: `agentctl ${plainText(run.suite).slice(0, 60)}`,
    message: gate === null ? rate : `${gate.verdict} · ${rate}`,
    color: COLORS[gate?.verdict ?? "none"],
  };
}

/** Verdict and trials as a small SVG for a README: no font, script or picture of elsewhere. */
export function renderBadge(report: RunReport): string {
  const { label, message, color } = badgeOf(report);
  const left = widthOf(label);
  const right = widthOf(message);
  const text = (content: string, middle: number, width: number) =>
    `<text x="${middle}" y="14" textLength="${width - 12}" lengthAdjust="spacingAndGlyphs">${escapeHtml(content)}</text>`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escapeHtml(`${label}: ${message}`)}">`,
    `<title>${escapeHtml(`${label}: ${message}`)}</title>`,
    `<desc>${escapeHtml(`run ${report.run.id}`)}</desc>`,
    `<rect width="${left + right}" height="20" rx="3" fill="#24292f"/>`,
    `<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${color}"/>`,
    '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">',
    text(label, left / 2, left),
    text(message, left + right / 2, right),
    "</g>",
    "</svg>",
  ].join("")}\n`;
}

/** The same for the endpoint badge of shields.io, version 1 of its schema. */
export function renderBadgeEndpoint(report: RunReport): string {
  return `${JSON.stringify({ schemaVersion: 1, ...badgeOf(report), isError: report.gate?.verdict === "error" }, null, 2)}\n`;
}

/** An upper bound good enough to draw by: `textLength` then makes the text fit. */
function widthOf(text: string): number {
  return Math.round(Array.from(text).length * 6.6) + 12;
}
