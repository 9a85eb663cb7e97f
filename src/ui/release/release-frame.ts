import { type FrameLine, fitted } from "../live-frame.js";
import { cellsOf, clipCells, wrapCells } from "../review/wrap-cells.js";
import { intervalBar, shareBar } from "./interval-bar.js";
import type { ReleaseScreen, ScreenRule, ScreenText, ScreenTone } from "./release-screen.js";

const COLORS = {
  good: "green",
  bad: "red",
  warning: "yellow",
  strong: "cyan",
  dim: "dim",
  plain: "plain",
} as const satisfies Record<ScreenTone, FrameLine["color"]>;

const MARKS = { done: "●", now: "◐", "to-come": "○" } as const;
/** Where texts begin, behind their label. */
const HANG = 8;
const CLOCK_CELLS = 12;
const LEAST_BAR = 9;
const MOST_BAR = 41;
const RULE_HEAD: ScreenRule = {
  name: "rule",
  canary: "canary",
  stable: "stable",
  difference: "diff",
  interval: null,
  verdict: "verdict",
  tone: "dim",
  details: [],
};
const AXIS = "better │ 0 ┃ harm";

/** Lines that belong together. What is dropped first when there is no room has the highest `rank`. */
interface Section {
  readonly lines: FrameLine[];
  readonly rank: number;
  /** Lines that stay until other sections are as short as they get. */
  readonly least: number;
}

/**
 * A release as lines that fit: none is wider than the window, and together they leave one row free.
 *
 * @param footers - what was answered, and keys or what is asked of the person
 */
export function releaseFrame(
  screen: ReleaseScreen,
  footers: readonly ScreenText[],
  size: { readonly columns: number; readonly rows: number },
): readonly FrameLine[] {
  const width = Math.max(10, size.columns - 1);
  const most = Math.max(3, size.rows - 1);
  const wrapped = (texts: readonly ScreenText[], most: number) =>
    texts.flatMap(({ text, tone }) => {
      const lines = wrapCells(text, width - HANG);
      return lines.slice(0, most).map((line, index) => {
        const shown = index === most - 1 && lines.length > most ? `${line} …` : line;
        return toned(index === 0 ? shown : " ".repeat(HANG) + shown.trimStart(), tone);
      });
    });
  const sections: Section[] = [
    { lines: [toned(screen.title.text, screen.title.tone)], rank: 0, least: 1 },
    { lines: wrapped(screen.next, 3), rank: 1, least: 2 },
    { lines: screen.facts.map(({ text, tone }) => toned(text, tone)), rank: 4, least: 1 },
    { lines: [stepsLine(screen, width), ...clockLines(screen, width)], rank: 3, least: 1 },
    { lines: armLines(screen.arms), rank: 5, least: 3 },
    { lines: screen.rules.length === 0 ? [] : ruleLines(screen.rules, width), rank: 6, least: 2 },
    { lines: wrapped(screen.notes, 2), rank: 7, least: 1 },
    { lines: screen.rows.map((text) => toned(text, "dim")), rank: 8, least: 1 },
  ];
  const details = detailLines(screen.rules, width);
  const height = most - footers.length;
  shorten(sections, height);
  const room = height - sections.reduce((sum, { lines }) => sum + lines.length, 0);
  if (details.length > 0 && details.length <= room) sections[5]?.lines.push(...details);
  return [
    ...sections.flatMap(({ lines }) => lines),
    ...footers.map(({ text, tone }) => toned(text, tone)),
  ].map(({ text, color }) => ({ text: fitted(text, width), color }));
}

/** Journal rows go from the oldest on, everything else from its end. */
function shorten(sections: readonly Section[], height: number): void {
  const byRank = [...sections].sort((a, b) => b.rank - a.rank);
  const total = () => sections.reduce((sum, { lines }) => sum + lines.length, 0);
  for (const floorOf of [({ least }: Section) => least, () => 0]) {
    for (const section of byRank) {
      while (total() > height && section.lines.length > floorOf(section) && section.rank > 0) {
        if (section.rank === 8) section.lines.shift();
        else section.lines.pop();
      }
    }
  }
}

function stepsLine({ steps }: ReleaseScreen, width: number): FrameLine {
  const texts = steps.map(({ mark, text }) => `${MARKS[mark]} ${text}`);
  const line = `steps   ${texts.join("  ")}`;
  const now = steps.findIndex(({ mark }) => mark === "now");
  // Of many steps, those around the present one.
  const near = texts.slice(Math.max(0, now - 1), Math.max(0, now - 1) + 3);
  return toned(cellsOf(line) <= width ? line : `steps   ${near.join("  ")} of ${steps.length}`, "plain");
}

function clockLines({ clocks }: ReleaseScreen, width: number): FrameLine[] {
  const one = clocks.map(({ label, share, text }) => `${label} ${shareBar(share, CLOCK_CELLS)} ${text}`);
  const line = one.join("   ");
  const lines = cellsOf(line) <= width ? [line] : one;
  return clocks.length === 0 ? [] : lines.map((text) => toned(text, "plain"));
}

function armLines(rows: ReleaseScreen["arms"]): FrameLine[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => cellsOf(row[column] ?? ""))),
  );
  return rows.map((row, index) =>
    toned(
      row.map((cell, column) => padded(cell, widths[column] ?? 0, column > 0)).join("  "),
      index === 0 ? "dim" : "plain",
    ),
  );
}

function ruleLines(rules: readonly ScreenRule[], width: number): FrameLine[] {
  const all = [RULE_HEAD, ...rules];
  const column = (text: (rule: ScreenRule) => string, most: number) =>
    Math.min(most, Math.max(...all.map((rule) => cellsOf(text(rule)))));
  const name = column((rule) => rule.name, 22);
  const canary = column((rule) => rule.canary, 10);
  const stable = column((rule) => rule.stable, 10);
  const difference = column((rule) => rule.difference, 14);
  const verdict = column((rule) => rule.verdict, 24);
  const left = width - (name + canary + stable + difference + verdict + 10);
  const bar = Math.min(MOST_BAR, left);
  return all.map((rule, index) => {
    const drawn =
      index === 0
        ? axisOf(bar)
        : rule.interval === null
          ? ""
          : intervalBar(rule.interval, Math.max(LEAST_BAR, bar));
    const cells = [
      padded(clipCells(rule.name, name), name),
      padded(clipCells(rule.canary, canary), canary, true),
      padded(clipCells(rule.stable, stable), stable, true),
      padded(clipCells(rule.difference, difference), difference, true),
      ...(bar < LEAST_BAR ? [] : [padded(drawn, bar)]),
      clipCells(rule.verdict, verdict),
    ];
    return toned(cells.join("  ").trimEnd(), rule.tone);
  });
}

function axisOf(bar: number): string {
  return bar >= AXIS.length ? AXIS : "0 │ harm ┃".slice(0, Math.max(0, bar));
}

function detailLines(rules: readonly ScreenRule[], width: number): FrameLine[] {
  return rules.flatMap(({ details }) =>
    details.flatMap((text) => wrapCells(text, width - 4).map((line) => toned(`    ${line}`, "dim"))),
  );
}

function padded(text: string, width: number, isRight = false): string {
  const space = " ".repeat(Math.max(0, width - cellsOf(text)));
  return isRight ? space + text : text + space;
}

function toned(text: string, tone: ScreenTone): FrameLine {
  return { text, color: COLORS[tone] };
}
