import { describe, expect, it } from "vitest";
import {
  baselineRow,
  type LabelledSubject,
  measureBaseline,
  measureShipped,
  pairSentence,
} from "../bench/measure-judge-baselines.js";
import { parseJudgeFile } from "../src/config/judge/parse-judge-file.js";
import { bareSubject } from "../src/judge/bare-subject.js";
import { fencedBlocks, pageText } from "./pages.js";

const figures = await measureShipped();
const page = pageText("docs/rubrics.md").replaceAll(/\s+/g, " ");

/** Answers that were labelled, as many with each label. */
function labelled(counts: { readonly [label: string]: number }): readonly LabelledSubject[] {
  return Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, index) => ({
      label,
      subject: bareSubject({
        item: `${label}-${index}`,
        question: "Which fee applies to baggage?",
        answer: `Answer ${index}.`,
      }),
    })),
  );
}

describe("the baselines of the judges", () => {
  it.each(figures.map(baselineRow).map((row) => [row]))("docs/rubrics.md says %s", (row) => {
    expect(page).toContain(row);
  });

  it("are described on pairs as they are", () => {
    expect(page).toContain(pairSentence(figures[0] as (typeof figures)[number]));
  });

  it("are never calibrated on data of others", () => {
    expect(figures.length).toBeGreaterThan(2);
    expect(figures.map(({ report }) => report.verdict)).not.toContain("calibrated");
  });

  it('say "no" as often as HaluEval does, with accuracy .82 and kappa 0, and are unusable', async () => {
    const figure = await measureBaseline('always "no"', "HaluEval", labelled({ no: 1838, yes: 416 }), {
      heuristic: "majority",
      scale: { kind: "binary", fail: "yes", pass: "no" },
    });
    expect(figure.report.accuracy.value).toBeCloseTo(0.815439, 6);
    expect(figure.report.agreement.kappa).toMatchObject({ kappa: 0, lower: 0, upper: 0 });
    expect(figure.report.verdict).toBe("unusable");
    expect(page).toContain(baselineRow(figure));
  });

  it("have no figures where they have nothing to compare", async () => {
    const { report } = await measureBaseline("b", "s", labelled({ no: 20, yes: 20 }), {
      heuristic: "lexical_faithfulness",
      scale: { kind: "binary", fail: "yes", pass: "no" },
    });
    expect(report).toMatchObject({ verdict: "unusable", accuracy: { value: null } });
    expect(report.agreement.kappa.kappa).toBeNull();
  });
});

describe("the judge file in docs/rubrics.md", () => {
  it("parses", () => {
    const block = fencedBlocks("yaml").find(({ place }) => place.startsWith("docs/rubrics.md"));
    expect(parseJudgeFile(block?.text ?? "", "docs/rubrics.md").name).toBe("names_the_fee");
  });
});
