import { counted } from "../../../report/counted.js";
import { isExternalAgent } from "../agent-kind.js";
import type { ReadinessFacts, RunFacts } from "../facts.js";
import {
  change,
  command,
  evalCommand,
  evidence,
  type Finding,
  gap,
  type ItemDefinition,
  lines,
  met,
  named,
  noRun,
  skipped,
  unknown,
} from "../finding.js";
import { canaryLines, placedGates } from "../gate-places.js";

/** Names that stand for whatever the provider serves today. */
const FLOATING = /(^|[-:@/])latest$/i;

export const observabilityItems: readonly ItemDefinition[] = [
  {
    id: "observability.prompt-version",
    list: "observability",
    title: "Traces name the prompt version",
    why: "Without it nobody can tell which prompt gave a bad answer.",
    check: onRun((run, facts) =>
      run.promptVersion === null
        ? gap(
            evidence("the run does not say which prompt it was made with", `run ${run.id}`),
            evalCommand(facts.suite),
          )
        : met(
            evidence(
              `prompt version ${run.promptVersion}, agent version ${run.agentVersion.slice(0, 8)} in ${run.traces.trials} traces`,
              `run ${run.id}`,
            ),
          ),
    ),
  },
  {
    id: "observability.model-version",
    list: "observability",
    title: "Traces name the model version",
    why: "Providers change models under one name: a fixed version tells such a change from one of yours.",
    check: onRun(modelVersion),
  },
  {
    id: "observability.retrieved-context",
    list: "observability",
    title: "Traces hold the retrieved context",
    why: "A wrong answer on a wrong passage is a fault of the search, not of the model.",
    check: (facts) => {
      const [agent] = facts.agents;
      if (!isExternalAgent(agent.config) && facts.agents.every(({ config }) => !("retrieval" in config))) {
        return skipped("the agent searches no documents");
      }
      return onRun(({ id, traces }) =>
        recorded(
          traces.searches,
          traces.recordedSearches,
          ["search", "searches"],
          id,
          traces.silent.searches,
        ),
      )(facts);
    },
  },
  {
    id: "observability.tool-io",
    list: "observability",
    title: "Traces hold inputs and outputs of tools",
    why: "A wrong side effect is found by the arguments that made it.",
    check: (facts) =>
      facts.agents.every(({ tools }) => tools.known.length + tools.unseen.length === 0)
        ? skipped("the agent has no tool")
        : onRun(({ id, traces }) =>
            recorded(
              traces.toolCalls,
              traces.recordedToolCalls,
              ["tool call", "tool calls"],
              id,
              traces.silent.toolCalls,
            ),
          )(facts),
  },
  {
    id: "observability.feedback",
    list: "observability",
    title: "People's feedback on answers is kept",
    why: "What users and reviewers say is the only measure of what metrics miss.",
    check: ({ judgements: { labels, authors, lastLabelAt }, suite, judgements }) =>
      labels > 0
        ? met(
            evidence(
              `${counted(labels, "label")} of ${authors === 1 ? "1 person" : `${authors} people`} on answers of suite ${suite}, the last on ${lastLabelAt?.slice(0, 10)}`,
              "judgements.db",
            ),
          )
        : gap(
            evidence(`no label or review of an answer of suite ${suite} is kept`),
            judgements.judgeFiles[0] === undefined
              ? change("write a judge file into judges/, then label answers with `agentctl review`")
              : command(`agentctl review latest --judge ${judgements.judgeFiles[0]}`),
          ),
  },
  alertItem("latency", /latency/, "p95_latency", "+500ms vs baseline"),
  alertItem("cost", /cost|usd/, "cost_per_conversation", "+10% vs baseline"),
];

function onRun(check: (run: RunFacts, facts: ReadinessFacts) => Finding): (facts: ReadinessFacts) => Finding {
  return (facts) => (facts.run === null ? noRun(facts) : check(facts.run, facts));
}

function modelVersion({ id, traces }: RunFacts, { agents: [agent] }: ReadinessFacts): Finding {
  const place = `run ${id}`;
  const { modelCalls, namedModelCalls, models, silent } = traces;
  const nameless = modelCalls - namedModelCalls;
  const isExternal = isExternalAgent(agent.config);
  if (modelCalls === 0 || silent.modelCalls > 0 || (isExternal && nameless > 0)) {
    const text =
      modelCalls === 0
        ? "no trace holds a model call"
        : silent.modelCalls > 0
          ? `${silent.modelCalls} of ${traces.trials} traces say nothing of their model calls`
          : `the agent does not say which model answered ${nameless} of ${modelCalls} calls`;
    const fix = isExternal
      ? change("let the agent report model and usage with each reply")
      : command(`agentctl trace ${id} CASE`);
    return unknown(evidence(text, place), fix);
  }
  if (nameless > 0) {
    const text = `${nameless} of ${modelCalls} model calls name no model`;
    return gap(evidence(text, place), command(`agentctl trace ${id} CASE`));
  }
  const floating = models.filter((model) => FLOATING.test(model));
  if (floating.length > 0) {
    return gap(
      evidence(`${named(floating)} is whatever the provider serves that day`, place),
      isExternal
        ? change("ask for a dated version of the model")
        : lines(agent.file, "model:", "  name: A-DATED-VERSION"),
    );
  }
  return met(evidence(`all ${modelCalls} model calls name theirs: ${named(models)}`, place));
}

/** @param what - in the singular and the plural */
function recorded(
  made: number,
  whole: number,
  [one, many]: readonly [one: string, many: string],
  runId: string,
  silent: number,
): Finding {
  const place = `run ${runId}`;
  if (silent > 0) {
    return unknown(
      evidence(`the agent says nothing of its ${many} in ${silent} traces`, place),
      change(`let the agent report its ${many} with each reply`),
    );
  }
  if (made === 0) {
    return unknown(
      evidence(`no trace holds a ${one}`, place),
      change(`add a case that needs a ${one} to the golden set, and run it`),
    );
  }
  const all = made === 1 ? `1 ${one}` : `${made} ${many}`;
  return whole < made
    ? gap(
        evidence(`${made - whole} of ${all} without all that came back`, place),
        command(`agentctl trace ${runId} CASE`),
      )
    : met(evidence(`${all}, each with what was asked and what came back`, place));
}

/** Until traffic is watched, the triggers of a canary are what raises an alarm. */
function alertItem(
  what: "latency" | "cost",
  names: RegExp,
  metric: string,
  threshold: string,
): ItemDefinition {
  return {
    id: `observability.${what}-alert`,
    list: "observability",
    title: `An alert on ${what} has a threshold`,
    why: `A gate sees ${what} before a release; only an alert sees it after.`,
    check: ({ gates }) => {
      const triggers = Object.entries(gates.config?.canary?.rollback_triggers ?? {}).filter(
        ([
          name,
          {
            threshold: { change: direction },
          },
        ]) => names.test(name) && direction === "rise",
      );
      if (triggers.length > 0) {
        return met(
          ...triggers.map(([name]) =>
            evidence(`rollback trigger ${name}`, `${gates.file}:${gates.canaryLine}`),
          ),
        );
      }
      const own = placedGates(gates, (name) => names.test(name));
      const instead =
        own.length === 0
          ? "nor a gate on it"
          : `only ${own.length === 1 ? "a gate" : "gates"} before release`;
      return gap(
        [evidence(`no rollback trigger on ${what}, ${instead}`, gates.file), ...own],
        canaryLines(gates, metric, threshold),
      );
    },
  };
}
