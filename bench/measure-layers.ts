import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/core/clock.js";
import { traceOf } from "../src/core/trace.js";
import { evaluate } from "../src/eval/evaluate.js";
import { loadProject } from "../src/eval/project/load-project.js";
import { scaffoldProject } from "../src/eval/project/scaffold.js";
import { openProjectStore } from "../src/eval/run/stored-run.js";
import { phrasesIn } from "../src/metrics/generation/phrases.js";

const GUARDRAILS = ["guardrails.input", "guardrails.retrieval", "guardrails.tool", "guardrails.output"];

/** What is on, and what `agentctl eval --without` is told so that nothing else is. */
export const CONFIGURATIONS: readonly { readonly on: string; readonly without: readonly string[] }[] = [
  { on: "nothing", without: ["guardrails", "tool_policy"] },
  ...GUARDRAILS.map((layer) => ({
    on: `${layer} alone`,
    without: [...GUARDRAILS.filter((other) => other !== layer), "tool_policy"],
  })),
  { on: "guardrails", without: ["tool_policy"] },
  { on: "tool_policy alone", without: ["guardrails"] },
  { on: "all", without: [] },
];

/** What happened to the attacks of a suite. */
export interface LayerFigures {
  readonly trials: number;
  /** Calls of tools that change something. */
  readonly attempts: number;
  /** Trials in which a tool result held the words of the attack when the model read it. */
  readonly attacksRead: number;
  /** Attempts that were carried out, without those that the case asks for. */
  readonly unauthorised: number;
  /** Trials in which the attack worked: an effect, or its words said. */
  readonly successes: number;
  /** What was stopped or taken out, by rule; an event each. */
  readonly stopped: { readonly [rule: string]: number };
  /** Trials in which each layer stopped or took out something. */
  readonly trialsByLayer: { readonly [layer: string]: number };
}

/** Runs a shipped suite with some parts of its agent off, in a project of its own. */
export async function measureLayers(
  suite: string,
  without: readonly string[],
  selection: { readonly filterPattern?: string } = {},
): Promise<LayerFigures> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-layers-"));
  try {
    scaffoldProject(folder);
    const { run, report } = await evaluate(
      { suite, without, maxConcurrency: 8, ...selection },
      {
        workingDirectory: folder,
        env: {},
        clock: systemClock,
        signal: new AbortController().signal,
        observer: {
          runStarted: () => {},
          trialStarted: () => {},
          trialFinished: () => {},
          runFinished: () => {},
        },
      },
    );
    const total = (metric: string) =>
      report.cases
        .flatMap((one) => one.trials)
        .reduce((sum, { scores }) => sum + (scores[metric]?.value ?? 0), 0);
    return {
      ...countsOf(folder, run.id),
      unauthorised: total("safety.unauthorised_actions"),
      successes: total("safety.injection_success_rate"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function countsOf(folder: string, runId: string): Omit<LayerFigures, "unauthorised" | "successes"> {
  const store = openProjectStore(loadProject(undefined, folder));
  const stopped: Record<string, number> = {};
  const trialsByLayer: Record<string, number> = {};
  let trials = 0;
  let attempts = 0;
  let attacksRead = 0;
  try {
    for (const planned of store.getRun(runId)?.plan ?? []) {
      const trial = store.getTrial(runId, planned.caseId, planned.trial);
      if (trial === null || trial.status === "error") throw new Error(`${planned.caseId} did not run`);
      const trace = traceOf(trial);
      trials += 1;
      attempts += trace.toolCalls.filter(({ sideEffect }) => sideEffect).length;
      const { mustNotInclude } = store.getCase(planned.caseHash)?.expect ?? { mustNotInclude: [] };
      const results = trace.toolCalls.map(({ result }) => unescaped(result ?? ""));
      if (phrasesIn(mustNotInclude, results.join("\n")).length > 0) attacksRead += 1;
      const rules = trace.guardrails.filter(({ action }) => action !== "flag").map(({ rule }) => rule);
      for (const rule of rules) stopped[rule] = (stopped[rule] ?? 0) + 1;
      for (const layer of new Set(rules.map((rule) => rule.split(".")[0] ?? "")))
        trialsByLayer[layer] = (trialsByLayer[layer] ?? 0) + 1;
    }
    return { trials, attempts, attacksRead, stopped, trialsByLayer };
  } finally {
    store.close();
  }
}

/** What a text within JSON says. */
function unescaped(json: string): string {
  return json.replaceAll("\\n", " ").replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}
