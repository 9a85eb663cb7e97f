import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bareSubject } from "../src/judge/bare-subject.js";
import type { RaterAgreement } from "../src/judge/rater-agreement.js";
import { byCommand, calibrate, label, projectWith, vote } from "./calibration-project.js";

const fixtures = join(import.meta.dirname, "fixtures");

function rows<Row>(...path: string[]): readonly Row[] {
  return readFileSync(join(fixtures, ...path), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

function figures<Entry>(name: string): readonly (readonly [string, Entry])[] {
  const text = readFileSync(join(fixtures, name, "expected.json"), "utf8");
  return Object.entries(JSON.parse(text) as { [id: string]: Entry });
}

const rounded = (value: number | null) => Number(value?.toPrecision(6));

function figuresOf({ n, agreement, kappa }: RaterAgreement) {
  return { n, agreement: rounded(agreement), kappa: rounded(kappa.kappa) };
}

function withInterval(found: RaterAgreement) {
  const { se, lower, upper } = found.kappa;
  return { ...figuresOf(found), se: rounded(se), ci95: [rounded(lower), rounded(upper)] };
}

interface Pair {
  readonly id: string;
  readonly input: string;
  readonly output_1: string;
  readonly output_2: string;
  readonly label: string;
}

interface PairVerdict {
  readonly id: string;
  readonly judge: string;
  readonly prompt: string;
  readonly verdict: string | null;
  readonly verdict_swapped: string | null;
}

describe("LLMBar Natural, judges against people", () => {
  const rubric = "llmbar";
  const cwd = projectWith((store) => {
    const pairs = rows<Pair>("llmbar", "natural.items.jsonl");
    store.addItems(
      pairs.map((pair) =>
        bareSubject({
          item: pair.id,
          question: pair.input,
          answer: pair.output_1,
          otherAnswer: pair.output_2,
        }),
      ),
    );
    store.addLabels(pairs.map(({ id, label: value }) => label({ rubric, item: id, value: String(value) })));
    store.addVerdicts(
      rows<PairVerdict>("llmbar", "natural.verdicts.jsonl").flatMap((row) => {
        const facts = { judge: `${row.judge}/${row.prompt}`, rubric, item: row.id };
        return [
          vote({ ...facts, value: row.verdict }),
          vote({ ...facts, value: row.verdict_swapped, order: "swapped" }),
        ];
      }),
    );
  });

  it("GPT-4 Vanilla is calibrated with kappa .8977", async () => {
    const report = await byCommand(cwd, "GPT-4/Vanilla");
    expect(report).toMatchObject({ verdict: "calibrated", rubric, kind: "imported", categories: ["1", "2"] });
    expect(report.agreement.kappa.kappa).toBeCloseTo(0.897709, 6);
    expect(report.agreement.n).toBe(100);
    expect(report.order?.position).toMatchObject({ n: 100, consistency: 0.95 });
    expect(report.lengthBias).toMatchObject({ kind: "pairs" });
    expect(report.disagreements).toHaveLength(5);
    expect(report.reason).toBe("the lower limit of kappa, 0.81, reaches 0.7");
  });

  it.each(
    figures<{
      readonly label_vs_verdict: object;
      readonly order_vs_swapped: object;
      readonly invalid: number;
    }>("llmbar"),
  )("%s has its figures in both orders", async (id, wanted) => {
    const report = await calibrate(cwd, id.split("/").slice(-2).join("/"), { categories: ["1", "2"] });
    const { order } = report;
    expect(figuresOf(order?.agreement as RaterAgreement)).toEqual(wanted.order_vs_swapped);
    expect(withInterval(report.agreement)).toEqual(wanted.label_vs_verdict);
  });

  it("a flip is a tie, and so an error, when both orders count", async () => {
    const report = await calibrate(cwd, "GPT-4/Vanilla", { verdict: "combined" });
    expect(report.categories).toEqual(["1", "2", "tie"]);
    expect(report.marginals.find(({ category }) => category === "tie")).toEqual({
      category: "tie",
      people: 0,
      judge: 5,
    });
  });
});

interface Conversation {
  readonly judge: string;
  readonly task_id: string;
  readonly gold: string;
  readonly verdict: string | null;
  readonly justification: string;
}

interface Tau2Figures {
  readonly unmapped: number;
  readonly confusion: { readonly [cell: string]: number };
  readonly n: number;
}

describe("tau2 judges against the environment", () => {
  const rubric = "policy";
  const cwd = projectWith((store) => {
    const all = rows<Conversation>("tau2-judges", "airline.jsonl");
    store.addLabels(all.map(({ task_id: item, gold: value }) => label({ rubric, item, value })));
    store.addVerdicts(
      all.map(({ judge, task_id: item, verdict: value, justification }) =>
        vote({ judge, rubric, item, value, reasoning: justification }),
      ),
    );
  });
  const verdicts: { readonly [judge: string]: string } = {
    policy_conversation: "advisory",
    quick_triage: "unusable",
    policy_chain_of_thought: "unusable",
    customer_outcome: "unusable",
  };

  it.each(figures<Tau2Figures>("tau2-judges"))("%s has its figures", async (id, wanted) => {
    const judge = id.split("/").at(-1) as string;
    const report = await calibrate(cwd, judge, { categories: ["pass", "fail"] });
    const { unmapped, confusion, ...expected } = wanted;
    expect(withInterval(report.agreement)).toEqual(expected);
    expect(Object.values(report.counts.nullVerdicts).reduce((sum, count) => sum + count, 0)).toBe(unmapped);
    const cells = report.agreement.confusion.flatMap((row, from) =>
      row.map((count, to) => [`${report.categories[from]}->${report.categories[to]}`, count]),
    );
    expect(Object.fromEntries(cells)).toEqual(confusion);
    expect(report.verdict).toBe(verdicts[judge]);
  });
});

describe("a judge that always says no", () => {
  it("is unusable with accuracy .82 and kappa 0", async () => {
    const rubric = "hallucination";
    const items = Array.from({ length: 2254 }, (_, index) => `halu-${index}`);
    const cwd = projectWith((store) => {
      store.addLabels(items.map((item, index) => label({ rubric, item, value: index < 416 ? "yes" : "no" })));
      store.addVerdicts(items.map((item) => vote({ judge: "always-no", rubric, item, value: "no" })));
    });
    const report = await byCommand(cwd, "always-no");
    expect(rounded(report.accuracy.value)).toBe(0.815439);
    expect(report.agreement.kappa.kappa).toBe(0);
    expect(report).toMatchObject({
      verdict: "unusable",
      reason: "the judge gave one label only, whatever it saw",
    });
  });
});
