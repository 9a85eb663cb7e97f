import type { CaseNeed, DatasetPower } from "../datasets/tools/dataset-power.js";
import { counted } from "./counted.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";

/** What a golden set can show, a sentence each, with what is missing. */
export function renderDatasetPower(
  power: DatasetPower & { readonly path: string; readonly split: string | null },
  style: TextStyle,
): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { groups, cases, assumptions, passRate } = power;
  const { alpha, rate, discordant } = assumptions;
  const chance = percent(assumptions.power);
  const part = power.split === null ? "" : `, split ${power.split}`;
  const head = `${oneLine(power.path, 200)}${part} · ${counted(cases, "case")} in ${counted(groups, "independent group")}`;
  const lines = [
    section("Not worse than a baseline (same cases, paired, one-sided)"),
    fact(`two runs that agree on every case pass with a margin above ${percent(power.leastMargin)}`),
    ...power.margins.flatMap(({ margin, inAgreement, asAssumed }) => [
      needLine(`a ${percent(margin)} margin needs`, inAgreement, groups),
      ...(asAssumed.needed === inAgreement.needed
        ? []
        : [
            needLine(
              `  and when ${percent(discordant)} of the cases differ, at ${chance} power,`,
              asAssumed,
              groups,
            ),
          ]),
    ]),
    section(`Differences that are found (two-sided, ${chance} power)`),
    ...differenceLines(
      power.paired,
      `same cases, ${percent(discordant)} of them differing:`,
      `same cases: no difference while only ${percent(discordant)} of them differ; even all lost`,
      groups,
    ),
    ...differenceLines(
      power.unpaired,
      `different cases, ${groups} in each run: a drop from ${percent(rate)} of`,
      `different cases: no drop from ${percent(rate)}; even one to 0`,
      groups,
    ),
    ...(power.paired.atAll === null && power.unpaired.atAll === null
      ? [fact("none: at these rates nothing can differ")]
      : []),
    section("One run"),
    fact(
      `a pass rate of ${passRate.passed} of ${groups}: ±${points(passRate.halfWidth)}, ${percent(1 - alpha)} interval ${percent(passRate.lower)} to ${percent(passRate.upper)}`,
    ),
    ...power.latency.map(({ quantile, ...need }) =>
      needLine(`an upper limit of the p${quantile * 100} latency needs`, need, groups),
    ),
  ];
  return [
    paint(head, "bold"),
    ...lines.flatMap(({ text, isTitle, isMissing }) =>
      isTitle
        ? ["", paint(text, "bold")]
        : wrap(text, width - 4).map((line, index) => {
            const indent = index === 0 ? (text.startsWith(" ") ? "    " : "  ") : "      ";
            return isMissing ? paint(`${indent}${line}`, "yellow") : `${indent}${line}`;
          }),
    ),
    "",
    ...wrap(
      `Counted are groups, because paraphrases are not independent evidence; and trials of one case are not cases: five trials of ${groups} are still ${groups}. α ${alpha}, power ${assumptions.power}, pass rate ${rate}, discordant ${discordant}: change them with --alpha, --power, --rate and --discordant.`,
      width,
    ).map((line) => paint(line, "dim")),
  ].join("\n");
}

interface Line {
  readonly text: string;
  readonly isTitle: boolean;
  readonly isMissing: boolean;
}

function section(text: string): Line {
  return { text, isTitle: true, isMissing: false };
}

function fact(text: string): Line {
  return { text, isTitle: false, isMissing: false };
}

function needLine(what: string, { needed, missing }: CaseNeed, there: number): Line {
  const present = `${there} ${there === 1 ? "is" : "are"} there`;
  const verdict = missing === 0 ? `${present}` : `${present}, ${missing} missing`;
  return { text: `${what} ${counted(needed, "case")}; ${verdict}`, isTitle: false, isMissing: missing > 0 };
}

function differenceLines(
  { mde, atAll }: DatasetPower["paired"],
  found: string,
  notFound: string,
  there: number,
): readonly Line[] {
  if (mde !== null) return [fact(`${found} ${points(mde)} and more`)];
  return atAll === null ? [] : [needLine(`${notFound} takes`, atAll, there)];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function points(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`;
}
