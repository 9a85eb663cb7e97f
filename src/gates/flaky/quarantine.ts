import type { GateRule } from "../../config/gates/gate-schema.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import { listNames } from "../../core/nearest.js";
import type { Verdict } from "../../core/score.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { GateEvidence } from "../gate-evidence.js";
import type { FlakyCase } from "../gate-report.js";
import { selectCases } from "../kinds/planned-cases.js";
import { flakyCases } from "./flaky-cases.js";

/** Flaky cases of a run, and one sentence on them. */
export interface Quarantine {
  readonly flaky: readonly FlakyCase[];
  readonly notes: readonly string[];
}

type Judge = (rules: GatesConfig, evidence: GateEvidence) => { readonly verdict: Verdict };

const SHOWN_IDS = 5;

/**
 * Lists flaky cases apart. They stay in every number and in the verdict; the note says what the verdict would be
 * without their trials.
 *
 * @param judge - judges rules on a run
 */
export function quarantine(rules: GatesConfig, evidence: GateEvidence, judge: Judge): Quarantine {
  if (rules.flaky === undefined) return { flaky: [], notes: [] };
  const { history, alpha } = rules.flaky;
  const earlier = evidence.history(history);
  const { flaky, tested } = flakyCases(
    evidence.own.rows,
    earlier.map(({ rows }) => rows),
    alpha,
  );
  if (tested === 0) {
    const note =
      "Of no case it can be said whether it is flaky: that takes two judged trials of it in this run and in an earlier one (eval --trials).";
    return { flaky, notes: [note] };
  }
  const runs = `${earlier.length} earlier ${earlier.length === 1 ? "run lets" : "runs let"} expect`;
  if (flaky.length === 0) {
    return { flaky, notes: [`None of ${tested} cases is flaky beyond what ${runs} (p < ${alpha}).`] };
  }
  const ids = flaky.map(({ caseId }) => caseId);
  const chance = Number((alpha * tested).toPrecision(2));
  const note = `${ids.length} of ${tested} cases ${ids.length === 1 ? "is" : "are"} flaky beyond what ${runs} (p < ${alpha}; chance alone lists up to ${chance}): ${listNames(ids, SHOWN_IDS)}. They count in every number; ${verdictWithout(new Set(ids), rules, evidence, judge)}.`;
  return { flaky, notes: [note] };
}

function verdictWithout(
  ids: ReadonlySet<string>,
  rules: GatesConfig,
  evidence: GateEvidence,
  judge: Judge,
): string {
  const rest = evidenceWithout(ids, evidence, 1 - rules.defaults.alpha);
  if (rest.own.rows.length === 0) return "without them no trial is left";
  const { flaky: _, ...others } = rules;
  const gates = rulesWithout(ids, rules.gates, evidence);
  return `without them the verdict would be ${judge({ ...others, gates }, rest).verdict}`;
}

function evidenceWithout(ids: ReadonlySet<string>, evidence: GateEvidence, level: number): GateEvidence {
  const { own, judged } = evidence;
  const rows = own.rows.filter((row) => !ids.has(row.caseId));
  const plan = own.run.plan.filter(({ caseId }) => !ids.has(caseId));
  return {
    ...evidence,
    judged: {
      ...judged,
      planned: judged.planned - (own.run.plan.length - plan.length),
      completed: rows.filter((row) => row.status === "completed").length,
      errors: rows.filter((row) => row.status === "error").length,
    },
    estimates: estimateAll(rows, own.set, level),
    own: { run: { ...own.run, plan }, rows, set: own.set, cases: own.cases },
  };
}

/** A rule that a case must pass says nothing of a run without that case. */
function rulesWithout<Rule extends GateRule>(
  ids: ReadonlySet<string>,
  rules: readonly Rule[],
  evidence: GateEvidence,
): Rule[] {
  return rules.flatMap((rule): Rule[] => {
    if ("all" in rule) {
      const all = rulesWithout(ids, rule.all, evidence);
      return all.length === 0 ? [] : [{ ...rule, all }];
    }
    if ("any" in rule) {
      const any = rulesWithout(ids, rule.any, evidence);
      return any.length === 0 ? [] : [{ ...rule, any }];
    }
    if (!("must_pass" in rule)) return [rule];
    if (typeof rule.must_pass === "string") {
      const meant = selectCases(evidence.own, rule.must_pass);
      const isEmptied =
        "cases" in meant &&
        meant.cases.length > 0 &&
        meant.cases.every(({ goldenCase }) => ids.has(goldenCase.id));
      return isEmptied ? [] : [rule];
    }
    const left = rule.must_pass.filter((id) => !ids.has(id));
    return left.length === 0 ? [] : [{ ...rule, must_pass: left }];
  });
}
