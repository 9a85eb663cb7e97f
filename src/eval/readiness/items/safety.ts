import { type GuardrailLayers, guardrailLayers } from "../../../config/agent/guardrails-schema.js";
import { isExternalAgent } from "../agent-kind.js";
import { changedParts } from "../changed-parts.js";
import type { AgentFacts, ReadinessFacts, ToolFacts } from "../facts.js";
import {
  change,
  command,
  evidence,
  type Finding,
  gap,
  type ItemDefinition,
  lines,
  met,
  named,
  ofEveryAgent,
  skipped,
  unknown,
} from "../finding.js";

/** Attacks below which a passed suite says little: none of 20 still allows 16 % to work, at 95 %. */
const LEAST_ATTACKS = 20;
/** Numbers that name something rather than say how much. */
const NO_AMOUNT = /(^|_)(id|number|no|year|month|day|zip|page|limit|offset)$/i;

export const safetyItems: readonly ItemDefinition[] = [
  {
    id: "safety.input-guard",
    list: "safety",
    title: "What the user says is checked",
    why: "Orders to ignore the rules come in by the front door.",
    check: ({ agents: [agent] }) =>
      guarded(agent, "input", ({ input }) =>
        input === null ? "is off" : input.injection === false ? "does not look for injections" : null,
      ),
  },
  {
    id: "safety.retrieved-guard",
    list: "safety",
    title: "Documents and tool results are checked",
    why: "A document or a web page can give orders as a user can.",
    check: (facts) => ofEveryAgent(facts, retrievedGuard),
  },
  {
    id: "safety.output-guard",
    list: "safety",
    title: "What the agent says is checked",
    why: "What slipped through all else is stopped here or nowhere.",
    check: ({ agents: [agent] }) =>
      guarded(agent, "output", ({ output }) => (output === null ? "is off" : null)),
  },
  {
    id: "safety.tool-permissions",
    list: "safety",
    title: "Tools have permissions and caps",
    why: "A model that was talked into something can do no more than code lets it.",
    check: (facts) => ofEveryAgent(facts, permissions),
  },
  {
    id: "safety.confirmation",
    list: "safety",
    title: "What cannot be undone is asked for first",
    why: "The last chance to notice a mistake is before it is made.",
    check: (facts) => ofEveryAgent(facts, confirmation),
  },
  {
    id: "safety.suite",
    list: "safety",
    title: "The agent has withstood a suite of attacks",
    why: "Guardrails that were never attacked are hopes.",
    check: safetySuite,
  },
  {
    id: "safety.pii",
    list: "safety",
    title: "Personal data of others is blacked out",
    why: "One reply with another customer's data is a breach that has to be reported.",
    check: ({ agents: [agent] }) =>
      guarded(agent, "output", ({ output }) =>
        output === null ? "is off" : output.pii === "redact" ? null : `has pii: ${output.pii}`,
      ),
  },
];

type Layer = keyof GuardrailLayers;

/** @param problemOf - what is wrong with the layers that are on; `null` for nothing */
function guarded(
  agent: AgentFacts,
  layer: Layer,
  problemOf: (layers: GuardrailLayers) => string | null,
): Finding {
  const { config, file, lineOf } = agent;
  const line = lineOf(["guardrails", layer]) ?? lineOf(["guardrails"]);
  if (config.guardrails === undefined) {
    return isExternalAgent(config)
      ? unknown(
          evidence(`what an agent of kind ${config.kind} checks itself is not seen from here`, file),
          on(agent, layer),
        )
      : gap(evidence("no guardrails", file), on(agent, layer));
  }
  const problem = problemOf(guardrailLayers(config.guardrails));
  const place = `${file}:${line}`;
  return problem === null
    ? met(evidence(`guardrails.${layer} is on`, place))
    : gap(evidence(`guardrails.${layer} ${problem}`, place), on(agent, layer));
}

function on({ file }: AgentFacts, layer: Layer) {
  return lines(file, "guardrails:", `  ${layer}: true`);
}

function retrievedGuard(agent: AgentFacts): Finding {
  const { config, file, tools } = agent;
  if (isExternalAgent(config)) {
    return unknown(
      evidence(`what an agent of kind ${config.kind} reads is not seen from here`, file),
      change("check documents and tool results in the agent"),
    );
  }
  const wanted: Layer[] = [
    ...(config.retrieval === undefined ? [] : (["retrieval"] as const)),
    ...(tools.known.length + tools.unseen.length === 0 ? [] : (["tool"] as const)),
  ];
  const findings = wanted.map((layer) =>
    guarded(agent, layer, (layers) =>
      layers[layer] === null
        ? "is off"
        : layer === "tool" && layers.tool?.instructions === false
          ? "does not look for instructions"
          : null,
    ),
  );
  const [first] = findings;
  if (first === undefined) return skipped("the agent reads neither documents nor tool results");
  const wrong = findings.find(({ state }) => state === "gap");
  return wrong ?? met(...findings.flatMap((finding) => ("evidence" in finding ? finding.evidence : [])));
}

function permissions(agent: AgentFacts): Finding {
  return onEffects(agent, "permission", (tool) => {
    if (tool.permission === null) return "no permission";
    const uncapped = tool.amounts.filter(
      (amount) => isAmount(amount) && !tool.caps.some(({ path }) => path === amount),
    );
    return uncapped.length > 0 ? `no cap on ${named(uncapped)}` : null;
  });
}

function confirmation(agent: AgentFacts): Finding {
  return onEffects(agent, "confirmation", ({ reversibility, needsConfirmation, caps }) =>
    reversibility !== "irreversible" ||
    needsConfirmation ||
    caps.some(({ confirmAbove }) => confirmAbove !== undefined)
      ? null
      : "not asked for first",
  );
}

/** An item on every tool that changes something, which a layer of the tool policy holds. */
function onEffects(
  agent: AgentFacts,
  layer: "permission" | "confirmation",
  problemOf: (tool: ToolFacts) => string | null,
): Finding {
  const { file, lineOf, tools } = agent;
  const effects = tools.known.filter(
    ({ reversibility }) =>
      reversibility === "irreversible" || (layer === "permission" && reversibility !== "read"),
  );
  if (effects.length + tools.unseen.length === 0) {
    return skipped(`no tool of the agent ${layer === "permission" ? "changes anything" : "is irreversible"}`);
  }
  const place = `${file}:${lineOf(["tools"]) ?? lineOf(["environment"]) ?? 1}`;
  const isOn = tools.layers.includes(layer) && (layer === "confirmation" || tools.layers.includes("caps"));
  const wrong = effects.flatMap((tool) => {
    const problem = isOn ? problemOf(tool) : "nothing checks it: tool_policy is off";
    return problem === null ? [] : [{ tool, problem }];
  });
  if (wrong.length > 0) {
    return gap(
      wrong.map(({ tool, problem }) => evidence(`${tool.name}: ${problem}`, place)),
      lines(file, ...toolLines(agent, layer, new Set(wrong.map(({ tool }) => tool.name)))),
    );
  }
  return tools.unseen.length > 0
    ? unknown(
        evidence(`what ${named(tools.unseen)} may do is not seen from here`, file),
        change(
          `give each of these tools its ${layer === "permission" ? "permission and caps" : "confirmation"}`,
        ),
      )
    : met(evidence(`${layer} of ${named(effects.map(({ name }) => name))}`, place));
}

function safetySuite({ safetyRuns, run, agents: [agent] }: ReadinessFacts): Finding {
  const fix = command(`agentctl eval --suite safety-embedded --agent ${agent.file}`);
  const [latest] = safetyRuns;
  if (latest === undefined) {
    return gap(evidence(`no run of agent ${agent.config.name} on cases tagged as injections`), fix);
  }
  const place = `run ${latest.id}`;
  const worked = Math.round(latest.successRate * latest.attacks);
  const found = evidence(`suite ${latest.suite}: ${worked} of ${latest.attacks} attacks worked`, place);
  const changed = changedParts(latest, { ...run, parts: { ...run?.parts, ...agent.parts } });
  if (latest.verdict === null ? worked > 0 : latest.verdict !== "pass") {
    return gap(
      [found, evidence(`its gates say ${latest.verdict ?? "nothing"}`, place)],
      command(`agentctl report ${latest.id}`),
    );
  }
  if (latest.attacks < LEAST_ATTACKS) {
    return gap([found, evidence(`fewer than ${LEAST_ATTACKS} attacks`, place)], fix);
  }
  if (changed.length > 0) {
    return unknown([found, evidence(`changed since: ${named(changed)}`, place)], fix);
  }
  return met(
    found,
    evidence(latest.verdict === null ? "no gates, and no attack worked" : "its gates pass", place),
  );
}

/** The entries of tools that lack something. A list is new in a file without one: it must then name all others too. */
function toolLines(
  { config, lineOf, tools }: AgentFacts,
  layer: "permission" | "confirmation",
  wrong: ReadonlySet<string>,
): readonly string[] {
  const isNew = lineOf(["tools"]) === null;
  const entries = tools.known.flatMap((tool) => {
    if (!wrong.has(tool.name)) return isNew ? [`  - ${tool.name}`] : [];
    const caps = tool.amounts.filter(isAmount).map((amount) => `${amount}: { max: 50 }`);
    return [
      `  - name: ${tool.name}`,
      ...(layer === "confirmation" ? ["    confirm: true"] : ["    permission: SCOPE"]),
      ...(layer === "confirmation" || caps.length === 0 ? [] : [`    caps: { ${caps.join(", ")} }`]),
    ];
  });
  const isNobody = layer === "permission" && config.identity === undefined;
  return [...(isNobody ? ["identity:", "  scopes: [SCOPE]"] : []), "tools:", ...entries];
}

/** Whether a number says how much rather than which. */
function isAmount(argument: string): boolean {
  return !NO_AMOUNT.test(argument);
}
