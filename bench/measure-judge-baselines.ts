import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type JudgeConfig, judgeSchema } from "../src/config/judge/judge-schema.js";
import type { LabelEntry, Subject, VerdictEntry } from "../src/core/judgement.js";
import { calibrationPlan } from "../src/eval/judge/calibrate-rules.js";
import { heuristicVoter } from "../src/eval/judge/run-voters.js";
import { bareSubject } from "../src/judge/bare-subject.js";
import type { CalibrationReport } from "../src/judge/calibration/calibration-report.js";
import { measureCalibration } from "../src/judge/calibration/measure-calibration.js";
import { currentLabels } from "../src/judge/current-labels.js";
import { versionOfJudge } from "../src/judge/run/version-of-judge.js";

/** Copies of the sets that may be shipped. */
const FIXTURES = join(import.meta.dirname, "..", "test", "fixtures");
const AT = "2026-11-21T00:00:00.000Z";

/** Something with a label that a baseline is measured on. */
export interface LabelledSubject {
  readonly label: string;
  readonly subject: Subject;
}

/** A baseline on one set: the report that `agentctl judge calibrate` makes. */
export interface BaselineFigure {
  readonly baseline: string;
  readonly set: string;
  readonly report: CalibrationReport;
}

type Heuristic = NonNullable<JudgeConfig["heuristic"]>;

/** Puts a baseline through the calibration of every judge. */
export async function measureBaseline(
  baseline: string,
  set: string,
  items: readonly LabelledSubject[],
  {
    heuristic,
    ...rest
  }: { readonly heuristic: Heuristic; readonly scale: object; readonly synonyms?: object },
): Promise<BaselineFigure> {
  const config = judgeSchema.parse({
    version: 1,
    name: "baseline",
    rubric: { version: "1", text: set },
    reads: ["question", "documents", "tools", "answer"],
    heuristic,
    ...rest,
  });
  const judgeVersion = versionOfJudge(config);
  const target = { judge: config.name, judgeVersion, rubric: config.name, config };
  const { rules, verdictRules } = calibrationPlan(target, {}, { labels: [], votes: [] });
  const subjects = new Map(items.map(({ subject }) => [subject.item, subject]));
  const votes = (await Promise.all(items.map(({ subject }) => votesOn(subject)))).flat();
  const report = measureCalibration(rules, {
    labels: currentLabels(items.map(labelEntry)),
    votes,
    allVotes: votes,
    verdictRules,
    otherVersions: 0,
    subjectOf: (item) => subjects.get(item) ?? null,
    now: Date.parse(AT),
  });
  return { baseline, set, report };

  function labelEntry({ label, subject }: LabelledSubject): LabelEntry {
    const { item } = subject;
    const fixed = {
      rubric: config.name,
      author: "people",
      action: "label",
      comment: null,
      source: set,
    } as const;
    return { ...fixed, id: item, item, value: label, at: AT };
  }

  async function votesOn(subject: Subject): Promise<readonly VerdictEntry[]> {
    const { orders, give } = heuristicVoter(config, heuristic);
    return Promise.all(
      orders.map(async (order) => ({
        ...(await give({ subject, parts: [], order, vote: 0 })),
        judge: config.name,
        judgeVersion,
        rubric: config.name,
        item: subject.item,
        subjectHash: subject.item,
        order,
        vote: 0,
        at: AT,
      })),
    );
  }
}

/** Baselines on the sets that are shipped. */
export async function measureShipped(): Promise<readonly BaselineFigure[]> {
  const pairs = llmbar();
  const judged = tau2();
  const pairwise = { kind: "pairwise" };
  return [
    await measureBaseline("`lexical_helpfulness`", "LLMBar Natural", pairs, {
      heuristic: "lexical_helpfulness",
      scale: pairwise,
    }),
    await measureBaseline("always the first answer", "LLMBar Natural", pairs, {
      heuristic: "majority",
      scale: pairwise,
    }),
    await measureBaseline("always `fail`", "tau2 airline", judged, {
      heuristic: "majority",
      scale: { kind: "binary", fail: "fail", pass: "pass" },
      synonyms: { majority: "fail" },
    }),
  ];
}

/**
 * Baselines on HaluEval, whose licence does not let it be shipped.
 *
 * @param folder - holds `halueval-general/items.jsonl`
 * @returns nothing when it does not
 */
export async function measureHaluEval(folder: string): Promise<readonly BaselineFigure[]> {
  const file = join(folder, "halueval-general", "items.jsonl");
  if (!existsSync(file)) return [];
  const rows = rowsOf<{ id: string; query: string; response: string; hallucination: string }>(file);
  const items = rows.map(({ id, query, response, hallucination }) => ({
    label: hallucination,
    subject: bareSubject({ item: id, question: query, answer: response }),
  }));
  const withQuery = items.map(({ label, subject }) => ({
    label,
    subject: { ...subject, documents: [{ id: "query", title: null, text: subject.question ?? "" }] },
  }));
  const scale = { kind: "binary", fail: "yes", pass: "no" };
  return [
    await measureBaseline('always "no"', "HaluEval", items, { heuristic: "majority", scale }),
    await measureBaseline("`lexical_faithfulness`", "HaluEval", items, {
      heuristic: "lexical_faithfulness",
      scale,
    }),
    await measureBaseline("`lexical_faithfulness`, query as document", "HaluEval", withQuery, {
      heuristic: "lexical_faithfulness",
      scale,
    }),
    await measureBaseline("`lexical_helpfulness`", "HaluEval", items, {
      heuristic: "lexical_helpfulness",
      scale,
    }),
  ];
}

/** One row of the table in the docs: intervals are 95 %, Wilson's for accuracy. */
export function baselineRow({ baseline, set, report }: BaselineFigure): string {
  const { accuracy, agreement, counts, verdict } = report;
  const { kappa, lower, upper } = agreement.kappa;
  const cells = [
    baseline,
    set,
    `${agreement.n}`,
    `${sum(Object.values(counts.nullVerdicts))}`,
    limits(accuracy.value, accuracy.lower, accuracy.upper),
    limits(kappa, lower, upper),
    verdict,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** How pairs were decided, in words for the docs. */
export function pairSentence({ report: { agreement, lengthBias } }: BaselineFigure): string {
  const ties = sum(agreement.confusion.map((row) => row.at(-1) ?? 0));
  const right = sum(agreement.confusion.map((row, index) => row[index] ?? 0));
  if (lengthBias?.kind !== "pairs") throw new Error("expected pairs whose answers are known");
  const { errorsToLonger, errorsToShorter, p } = lengthBias;
  return `${ties} of ${agreement.n} ties, ${right} of ${agreement.n - ties} decisions right, ${errorsToLonger} errors towards the longer answer and ${errorsToShorter} towards the shorter (p = ${p.toFixed(3)})`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function limits(value: number | null, lower: number | null, upper: number | null): string {
  if (value === null || lower === null || upper === null) return "–";
  return `${value.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`;
}

function llmbar(): readonly LabelledSubject[] {
  const file = join(FIXTURES, "llmbar", "natural.items.jsonl");
  const rows = rowsOf<{ id: string; input: string; output_1: string; output_2: string; label: unknown }>(
    file,
  );
  return rows.map(({ id, input, output_1: answer, output_2: otherAnswer, label }) => ({
    label: String(label) === "1" ? "A" : "B",
    subject: bareSubject({ item: id, question: input, answer, otherAnswer }),
  }));
}

/** The set tells labels and verdicts, and no conversation: only a constant can be measured on it. */
function tau2(): readonly LabelledSubject[] {
  const rows = rowsOf<{ simulation_id: string; gold: string }>(
    join(FIXTURES, "tau2-judges", "airline.jsonl"),
  );
  const golds = new Map(rows.map(({ simulation_id: item, gold }) => [item, gold]));
  return [...golds].map(([item, label]) => ({ label, subject: bareSubject({ item, answer: "" }) }));
}

function rowsOf<Row>(file: string): readonly Row[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Row);
}
