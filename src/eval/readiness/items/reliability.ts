import { isExternalAgent } from "../agent-kind.js";
import { type EndpointBlock, endpointsOf } from "../endpoints.js";
import type { AgentFacts, PlacedRule, ReadinessFacts, ToolFacts } from "../facts.js";
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
import { canaryLines } from "../gate-places.js";

const A_TRIGGER = ["error_rate", "+1% vs control"] as const;

export const reliabilityItems: readonly ItemDefinition[] = [
  {
    id: "reliability.timeouts",
    list: "reliability",
    title: "Timeouts are written down",
    why: "A default that nobody chose fits nobody: a call that hangs holds the user.",
    check: (facts) => ofEveryAgent(facts, (agent) => explicit(agent, "timeout")),
  },
  {
    id: "reliability.retries",
    list: "reliability",
    title: "Retries are written down",
    why: "Too few fail on the first hiccup, too many make an outage worse.",
    check: (facts) => ofEveryAgent(facts, (agent) => explicit(agent, "retries")),
  },
  {
    id: "reliability.fallback",
    list: "reliability",
    title: "Another model answers when the first does not",
    why: "One provider's outage is otherwise yours.",
    check: (facts) => ofEveryAgent(facts, fallback),
  },
  {
    id: "reliability.secrets",
    list: "reliability",
    title: "No key stands in a file",
    why: "Whoever reads the repository has the key.",
    check: secrets,
  },
  {
    id: "reliability.idempotency",
    list: "reliability",
    title: "A side effect happens once",
    why: "A retry after a lost answer would pay, send or delete twice.",
    check: (facts) => ofEveryAgent(facts, idempotency),
  },
  {
    id: "reliability.alert-thresholds",
    list: "reliability",
    title: "Thresholds say when to raise an alarm",
    why: "Without a number people find out from users.",
    check: ({ gates }) => {
      const triggers = Object.keys(gates.config?.canary?.rollback_triggers ?? {});
      return triggers.length > 0
        ? met(evidence(`rollback triggers ${named(triggers)}`, `${gates.file}:${gates.canaryLine}`))
        : gap(
            evidence(
              gates.rules.length === 0
                ? "no rollback trigger"
                : `no rollback trigger; ${gates.rules.length} gates hold before a release only`,
              gates.file,
            ),
            canaryLines(gates, ...A_TRIGGER),
          );
    },
  },
  {
    id: "reliability.rollback",
    list: "reliability",
    title: "A rollout goes in steps and back",
    why: "A version that is bad in a way no case knows reaches everybody at once.",
    check: ({ gates }) => {
      const canary = gates.config?.canary;
      if (canary === undefined) {
        return gap(evidence("no canary block", gates.file), canaryLines(gates, ...A_TRIGGER));
      }
      const place = `${gates.file}:${gates.canaryLine}`;
      const triggers = Object.keys(canary.rollback_triggers).length;
      return triggers === 0
        ? gap(
            evidence(`${canary.steps.length} steps, and nothing that takes them back`, place),
            canaryLines(gates, ...A_TRIGGER),
          )
        : met(evidence(`${canary.steps.length} steps, ${triggers} rollback triggers`, place));
    },
  },
  {
    id: "reliability.release-gates",
    list: "reliability",
    title: "Gates hold a release",
    why: "A score that stops nothing is looked at by nobody.",
    check: ({ gates }) =>
      gates.rules.length > 0
        ? met(evidence(`${gates.rules.length} rules that decide`, gates.file))
        : gap(
            evidence(gates.config === null ? "no such file" : "no rule that decides", gates.file),
            lines(gates.file, "version: 1", "gates:", "  - { metric: task.success, min: 0.9, bound: lower }"),
          ),
  },
  {
    id: "reliability.baseline",
    list: "reliability",
    title: "A release is held against what runs now",
    why: "A floor lets a good agent get worse until it reaches it.",
    check: baseline,
  },
];

function explicit(agent: AgentFacts, what: "timeout" | "retries"): Finding {
  const blocks = endpointsOf(agent).map((block) => ({ block, asked: block[what] }));
  const asked = blocks.filter(({ asked: one }) => one !== null);
  const missing = asked.filter(({ asked: one }) => one?.line === null);
  if (isExternalAgent(agent.config) && what === "retries" && asked.length === missing.length) {
    return unknown(
      evidence("how often the agent itself asks a model or a tool again is not seen from here", agent.file),
      change("write `retry` where a request may reach the agent twice, and set retries in the agent"),
    );
  }
  const [first] = missing;
  if (first !== undefined) {
    return gap(
      missing.map(({ block, asked: one }) =>
        evidence(`${block.name}: ${one?.key} is not written`, agent.file),
      ),
      yamlOf(agent, first.block, what),
    );
  }
  return met(
    ...asked.map(({ block, asked: one }) =>
      evidence(`${block.name}: ${one?.key}`, `${agent.file}:${one?.line}`),
    ),
  );
}

function yamlOf({ file }: AgentFacts, block: EndpointBlock, what: "timeout" | "retries") {
  const asked = block[what];
  const keys = block.path.map((key) => (typeof key === "number" ? "-" : `${key}:`));
  const nested = keys.map((key, depth) => `${"  ".repeat(depth)}${key}`);
  return lines(file, ...nested, `${"  ".repeat(keys.length)}${asked?.example ?? ""}`);
}

function fallback(agent: AgentFacts): Finding {
  const { config, file } = agent;
  if (isExternalAgent(config)) {
    return unknown(
      evidence(`which models an agent of kind ${config.kind} asks is not seen from here`, file),
      change("configure a second model in the agent"),
    );
  }
  const { fallbacks = [], provider, name, base_url } = config.model;
  const others = fallbacks.filter(
    (one) => one.provider !== provider || one.name !== name || one.base_url !== base_url,
  );
  const place = `${file}:${agent.lineOf(["model", "fallbacks"]) ?? agent.lineOf(["model"]) ?? 1}`;
  if (others.length > 0) {
    return met(evidence(`falls back on ${named(others.map((one) => `${one.provider}/${one.name}`))}`, place));
  }
  const found = fallbacks.length > 0 ? "falls back on the same model only" : "no fallbacks";
  return gap(
    evidence(`${provider}/${name} has ${fallbacks.length > 0 ? `none: it ${found}` : found}`, place),
    lines(
      file,
      "model:",
      "  fallbacks:",
      "    - provider: anthropic",
      "      name: MODEL",
      "      api_key_env: ANTHROPIC_API_KEY",
      "      timeout_ms: 30000",
      "      max_retries: 2",
    ),
  );
}

function secrets({ secrets: { files, found, variables, isEnvCommitted } }: ReadinessFacts): Finding {
  const committed = isEnvCommitted === true ? [evidence("git has this file", ".env")] : [];
  const inFiles = found.map(({ kind, place }) => evidence(`${kind} in a file`, place));
  if (inFiles.length + committed.length > 0) {
    return gap(
      [...inFiles, ...committed],
      inFiles.length > 0
        ? change("put the key into an environment variable, name it with api_key_env, and replace the key")
        : command("git rm --cached .env"),
    );
  }
  return met(
    evidence(`no key in ${files.length} files: ${named(files)}`),
    ...variables.map(({ name, place }) => evidence(`the key is in the variable ${name}`, place)),
  );
}

function idempotency(agent: AgentFacts): Finding {
  const { config, file, lineOf, tools } = agent;
  const effects = tools.known.filter(({ reversibility }) => reversibility !== "read");
  const bare = effects.filter(({ isIdempotent }) => isIdempotent !== true);
  const ledger = "ledger" in config ? config.ledger : undefined;
  const ownTools = isExternalAgent(config);
  if (effects.length === 0 && tools.unseen.length === 0)
    return skipped("no tool of the agent changes anything");
  if (bare.length > 0 && (ledger === undefined || ledger.repeats === "allow")) {
    const line = lineOf(["ledger", "repeats"]) ?? lineOf(["tools"]) ?? lineOf(["environment"]) ?? 1;
    const why = ledger === undefined ? "no ledger" : "a ledger that allows repeats";
    return gap(
      evidence(`${why}, and no idempotency key for ${toolNames(bare)}`, `${file}:${line}`),
      lines(file, "ledger:", "  repeats: turn"),
    );
  }
  const ledgerSeen =
    ledger === undefined || ledger.repeats === "allow"
      ? []
      : [
          evidence(
            `ledger, repeats within a ${ledger.repeats} answered from it`,
            `${file}:${lineOf(["ledger"])}`,
          ),
        ];
  if (tools.unseen.length > 0 && (ownTools || ledgerSeen.length === 0)) {
    return unknown(
      evidence(`what ${named(tools.unseen)} may do twice is not seen from here`, file),
      ownTools
        ? change("give each side effect of the agent an idempotency key")
        : lines(file, "ledger:", "  repeats: turn"),
    );
  }
  const keyed =
    effects.length > bare.length
      ? [evidence(`idempotency key for ${toolNames(effects.filter((one) => !bare.includes(one)))}`, file)]
      : [];
  return met(...ledgerSeen, ...keyed);
}

function toolNames(tools: readonly ToolFacts[]): string {
  return named(tools.map(({ name }) => name));
}

function baseline({ gates, run, suite }: ReadinessFacts): Finding {
  const compared = gates.rules.filter(comparesWithBaseline);
  if (compared.length === 0) {
    return gap(
      evidence("no rule compares with a baseline", gates.file),
      lines(gates.file, "gates:", "  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }"),
    );
  }
  const places = compared.map(({ place }) => evidence("no worse than the baseline", place));
  const missing = gates.baselines.find(({ found }) => found === null);
  if (missing === undefined) {
    return met(
      ...places,
      ...gates.baselines.map(({ reference, found }) => evidence(`baseline ${reference}`, found)),
    );
  }
  return gap(
    [...places, evidence(`suite ${suite} has no baseline ${missing.reference} in this history`)],
    command(
      run === null
        ? `agentctl eval --suite ${suite} --tag ${missing.reference}`
        : `agentctl runs tag ${run.id} ${missing.reference}`,
    ),
  );
}

function comparesWithBaseline({ rule }: PlacedRule): boolean {
  return "no_worse_than" in rule && rule.no_worse_than !== undefined;
}
