import type { AgreementReport, GroupAgreement } from "../judge/agreement-report.js";
import type { RaterAgreement } from "../judge/rater-agreement.js";
import type { PositionBias } from "../stats/position-bias.js";
import { formatScore, formatShare, LABEL_CHARACTERS, labelText, limitsOf } from "./agreement-words.js";
import { formatLevel } from "./format.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle } from "./text-style.js";
import { textTable } from "./text-table.js";

const NAME_CHARACTERS = 60;

/** Agreement of raters as one JSON document. */
export function renderAgreementJson(report: AgreementReport): string {
  return renderDocument("rater-agreement", report);
}

/** Agreement of raters: a table of the groups when there are several, then each group in full. */
export function renderAgreement(report: AgreementReport, style: TextStyle): string {
  const paint = painter(style);
  const lines = [paint(headline(report), "bold")];
  if (report.raters.b !== null && report.groups.length > 1) lines.push("", ...overview(report, style));
  for (const group of report.groups) {
    lines.push("");
    if (report.by.length > 0) lines.push(paint(nameOf(group), "bold"));
    lines.push(...groupLines(group, report, style));
  }
  return lines.join("\n");
}

function headline({ file, raters, weights, level }: AgreementReport): string {
  const name = oneLine(file, NAME_CHARACTERS);
  const a = oneLine(raters.a, NAME_CHARACTERS);
  if (raters.b === null) return `${name}: ${a}`;
  const weighting = weights === "none" ? "" : `, ${weights} weights`;
  const b = oneLine(raters.b, NAME_CHARACTERS);
  return `${name}: ${a} against ${b}${weighting}, intervals at ${formatLevel(level)}`;
}

function overview(report: AgreementReport, style: TextStyle): string[] {
  const paint = painter(style);
  const [titles = "", ...rows] = textTable(
    [
      { title: "group" },
      { title: "n", align: "right" },
      { title: "invalid", align: "right" },
      { title: "agreement", align: "right" },
      { title: "kappa", align: "right" },
      { title: "interval" },
      { title: "AC1", align: "right" },
      { title: "alpha", align: "right" },
    ],
    report.groups.flatMap((group) => {
      const { agreement } = group;
      if (agreement === null) return [];
      const { n, kappa, ac1, alpha } = agreement;
      const share = formatShare(agreement.agreement);
      const scores = [formatScore(ac1.ac1), formatScore(alpha.alpha)];
      const invalid = String(group.invalid);
      return [
        [nameOf(group), String(n), invalid, share, formatScore(kappa.kappa), limitsOf(kappa), ...scores],
      ];
    }),
  );
  return [paint(titles, "dim"), ...rows];
}

function groupLines(group: GroupAgreement, report: AgreementReport, style: TextStyle): string[] {
  const { agreement, order, majority } = group;
  const facts: [string, string][] = [["rows", `${group.rows}, ${group.invalid} with a null label`]];
  if (agreement !== null) facts.push(...agreementFacts(agreement, report));
  facts.push(...marginalFacts(group, report));
  if (majority !== null) {
    const label = labelText(majority.category);
    const share = formatShare(majority.accuracy);
    facts.push(["baseline", `a judge that always says ${label} would agree ${share}`]);
  }
  if (order !== null) {
    const value = `agreement ${formatShare(order.agreement)}, ${kappaText(order)}, n ${order.n}`;
    facts.push(["order", `${value}; the same judge, answers swapped`]);
    facts.push(["position", positionText(group.positionBias, report)]);
  }
  const paint = painter(style);
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const lines = facts.map(([name, text]) => `  ${paint(name.padEnd(width), "dim")}${text}`);
  return agreement === null ? lines : [...lines, "", ...confusionLines(group, agreement, report, style)];
}

function agreementFacts(agreement: RaterAgreement, report: AgreementReport): [string, string][] {
  const { n, kappa, ac1, alpha } = agreement;
  const weighted = report.weights === "none" ? "" : `, weighted ${formatShare(kappa.po)}`;
  return [
    ["agreement", `${formatShare(agreement.agreement)} of ${n}${weighted}`],
    ["kappa", `${formatScore(kappa.kappa)}  se ${formatScore(kappa.se)}  ${limitsOf(kappa)}`.trimEnd()],
    ["AC1", `${formatScore(ac1.ac1)}  se ${formatScore(ac1.se)}  ${limitsOf(ac1)}`.trimEnd()],
    ["alpha", `${formatScore(alpha.alpha)}  ${alpha.metric}`],
  ];
}

function marginalFacts({ marginals }: GroupAgreement, { raters }: AgreementReport): [string, string][] {
  const counts = (rater: "a" | "b" | "swapped") =>
    marginals.map((one) => `${labelText(one.category)} ${one[rater] ?? 0}`).join(", ");
  return (["a", "b", "swapped"] as const).flatMap((rater): [string, string][] => {
    const name = raters[rater];
    return name === null ? [] : [[oneLine(name, LABEL_CHARACTERS), counts(rater)]];
  });
}

function positionText(bias: PositionBias | null, { categories }: AgreementReport): string {
  if (bias === null) {
    const found = `found ${categories.length}: ${categories.map(labelText).join(", ")}`;
    return `none: it takes two labels, and "tie" if need be; ${oneLine(found, 2 * NAME_CHARACTERS)}`;
  }
  const flips = `${bias.firstOnly} flips to the first answer, ${bias.secondOnly} to the second`;
  const share = formatShare(bias.consistency);
  return `same winner ${share}; ${flips}; bias ${formatScore(bias.bias)}, p = ${formatScore(bias.p)}`;
}

function confusionLines(
  { marginals }: GroupAgreement,
  { confusion }: RaterAgreement,
  { raters }: AgreementReport,
  style: TextStyle,
): string[] {
  const labels = marginals.map(({ category }) => labelText(category));
  const corner = `${oneLine(raters.a, LABEL_CHARACTERS)} \\ ${oneLine(raters.b ?? "", LABEL_CHARACTERS)}`;
  const [titles = "", ...rows] = textTable(
    [{ title: corner }, ...labels.map((title) => ({ title, align: "right" as const }))],
    confusion.map((counts, row) => [labels[row] ?? "", ...counts.map(String)]),
  );
  return [`  ${painter(style)(titles, "dim")}`, ...rows.map((row) => `  ${row}`)];
}

function kappaText({ kappa }: RaterAgreement): string {
  return `kappa ${formatScore(kappa.kappa)} ${limitsOf(kappa)}`.trimEnd();
}

function nameOf({ group }: GroupAgreement): string {
  const parts = Object.entries(group).map(([field, value]) => `${field} ${value ?? "null"}`);
  return oneLine(parts.join(", "), 2 * NAME_CHARACTERS);
}
