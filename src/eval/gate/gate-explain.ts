import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { explainGate, findGate } from "../../gates/explain/explain-gate.js";
import type { GateExplanation } from "../../gates/explain/gate-explanation.js";
import { judgeGates, levelOf } from "../../gates/judge-gates.js";
import { estimateAll } from "../../metrics/estimate.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { gateEvidence } from "./gate-evidence.js";
import { metricSetOfRun, requireGates } from "./judge-run-gates.js";

/** The arithmetic of one gate on one run. */
export interface ExplainedGate {
  readonly runId: string;
  readonly gatesHash: string;
  readonly explanation: GateExplanation;
}

/**
 * `agentctl gate explain`: the arithmetic of one gate on a stored run.
 *
 * @param gate - its name in reports, or that of a part
 * @throws {UsageError} when there is no such run or gate, or its condition does not hold
 * @throws {ConfigError} when the rules cannot be used
 */
export function explainStoredGate(
  gate: string,
  reference: string,
  flags: { readonly config?: string; readonly rules?: string },
  workingDirectory: string,
  clock: Clock,
): ExplainedGate {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    const run = requireRun(store, reference);
    const rules = requireGates(project, run.suite, workingDirectory, run.customMetrics, flags.rules);
    const rows = [...store.trialRows(run.id)];
    const estimates = estimateAll(rows, metricSetOfRun(run), levelOf(rules));
    const evidence = gateEvidence(store, run, rows, estimates, rules, judgeStandings(project, run, clock));
    const report = judgeGates(rules, evidence);
    const result = findGate(report, gate);
    if (result === null) throw noSuchGate(gate, report);
    const explanation = explainGate(result, {
      own: evidence.own,
      baselineOf: (name) => {
        const found = evidence.baselineOf(name);
        return "found" in found ? found.found : null;
      },
    });
    return { runId: run.id, gatesHash: report.gatesHash, explanation };
  } finally {
    store.close();
  }
}

function noSuchGate(gate: string, { results, skipped }: ReturnType<typeof judgeGates>): UsageError {
  const left = skipped.find(({ name }) => name === gate);
  if (left !== undefined) {
    return new UsageError(`the gate ${gate} was not judged on this run: ${left.reason}`, {
      nextStep: "`agentctl gate check` shows every gate with its condition",
    });
  }
  const names = [...results, ...skipped].map(({ name }) => name);
  return new UsageError(
    `expected the name of a gate, found "${gate}"${didYouMean(gate, names) || `; known gates: ${listNames(names)}`}`,
    { nextStep: "quote a name that holds spaces; `agentctl gate check` lists them" },
  );
}
