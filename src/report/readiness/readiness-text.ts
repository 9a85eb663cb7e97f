import { renderDocument } from "../json-document.js";
import { plainText } from "../plain-text.js";
import { type Color, painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import type { Evidence, ReadinessItem, ReadinessReport, ReadinessState } from "./readiness-report.js";
import { countsText, evidenceText, fixLead, LIST_NAMES, STATE_MARKS } from "./readiness-words.js";

const COLORS: { readonly [State in ReadinessState]: Color } = { met: "green", gap: "red", unknown: "yellow" };
const INDENT = " ".repeat(10);
/** Places of evidence that are shown of an item; the reports show all. */
const MOST_SHOWN = 5;

/** The checklists, each item with what was found and what closes it. */
export function renderReadiness(report: ReadinessReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const indented = (text: string) => wrap(text, width - INDENT.length).map((line) => INDENT + line);
  const item = ({ state, title, evidence, fix }: ReadinessItem): string[] => {
    const [first = "", ...rest] = wrap(title, width - INDENT.length);
    const hidden = evidence.length - MOST_SHOWN;
    return [
      `${paint(`${STATE_MARKS[state]} ${state.padEnd(8)}`, COLORS[state])}${paint(first, "bold")}`,
      ...rest.map((line) => INDENT + paint(line, "bold")),
      ...placedOnce(evidence.slice(0, MOST_SHOWN)).flatMap((one) => indented(evidenceText(one))),
      ...(hidden > 0 ? indented(`and ${hidden} more`) : []),
      ...(fix === null ? [] : fixLines(fix, width)),
    ];
  };
  const { suite, agent, runId, total, lists } = report;
  return [
    ...wrap(`Readiness of ${plainText(agent)}, suite ${plainText(suite)}: ${countsText(total)}`, width),
    runId === null ? "no complete run" : `run ${runId}`,
    ...lists.flatMap(({ list, items, skipped, ...counts }) => [
      "",
      `${paint(LIST_NAMES[list], "bold")}: ${countsText(counts)}`,
      ...items.flatMap(item),
      ...skipped.flatMap(({ title, reason }) => {
        const [first = "", ...rest] = wrap(`${title}: ${plainText(reason)}`, width - INDENT.length);
        return [paint(`- n/a     ${first}`, "dim"), ...rest.map((line) => paint(INDENT + line, "dim"))];
      }),
    ]),
  ].join("\n");
}

/** What stands at one place, one below the other, names it once. */
function placedOnce(found: readonly Evidence[]): readonly Evidence[] {
  return found.map((one, index) =>
    found[index + 1]?.place === one.place ? { text: `${one.text};`, place: null } : one,
  );
}

function fixLines(fix: NonNullable<ReadinessItem["fix"]>, width: number): readonly string[] {
  const lead = fixLead(fix);
  const text = plainText(fix.text);
  const wrapped = (sentence: string) => wrap(sentence, width - INDENT.length).map((line) => INDENT + line);
  if (fix.kind === "change") return wrapped(`${lead} ${text}`);
  // What is to be copied is never broken into lines.
  if (fix.kind === "yaml") return [...wrapped(lead), ...text.split("\n").map((line) => `${INDENT}  ${line}`)];
  const line = `${INDENT}${lead} ${text}`;
  return line.length <= width ? [line] : [`${INDENT}${lead}`, `${INDENT}${text}`];
}

export function renderReadinessJson(report: ReadinessReport): string {
  return renderDocument("readiness", report);
}
