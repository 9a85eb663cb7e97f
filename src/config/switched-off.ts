import { listNames } from "../core/nearest.js";
import { TOOL_POLICY_LAYERS, type ToolLayerName } from "./agent/tools-schema.js";
import type { AgentConfig } from "./agent-schema.js";

/** A part of the runtime that an agent file switches on, and how to switch it off. */
interface Switch {
  isOn(config: AgentConfig): boolean;
  off(config: AgentConfig): AgentConfig;
}

const BLOCKS = [
  "guardrails",
  "context",
  "memory",
  "loop_guard",
  "ledger",
  "strategy",
  "team",
  "retrieval",
] as const;
const GUARDRAIL_LAYERS = ["input", "retrieval", "tool", "output"] as const;

function block(key: (typeof BLOCKS)[number]): Switch {
  return {
    isOn: (config) => config[key] !== undefined,
    off: ({ [key]: _, ...rest }) => rest,
  };
}

function guardrailLayer(layer: (typeof GUARDRAIL_LAYERS)[number]): Switch {
  return {
    isOn: ({ guardrails }) => guardrails !== undefined && guardrails[layer] !== false,
    off: (config) =>
      config.guardrails === undefined
        ? config
        : { ...config, guardrails: { ...config.guardrails, [layer]: false } },
  };
}

const layersOf = ({ tool_policy, tools }: AgentConfig): readonly ToolLayerName[] =>
  tool_policy?.layers ??
  (tools?.some((entry) => typeof entry !== "string") === true ? TOOL_POLICY_LAYERS : []);

function toolLayer(layer: ToolLayerName): Switch {
  return {
    isOn: (config) => layersOf(config).includes(layer),
    off: (config) => ({
      ...config,
      tool_policy: { layers: layersOf(config).filter((one) => one !== layer) },
    }),
  };
}

const grounding: Switch = {
  isOn: ({ retrieval }) => retrieval?.grounding !== undefined,
  off: (config) => {
    if (config.retrieval === undefined) return config;
    const { grounding: _, ...retrieval } = config.retrieval;
    return { ...config, retrieval };
  },
};

const fallbacks: Switch = {
  isOn: ({ model }) => (model.fallbacks ?? []).length > 0,
  off: ({ model: { fallbacks: _, ...model }, ...config }) => ({ ...config, model }),
};

const retries: Switch = {
  isOn: ({ model }) => model.max_retries > 0,
  off: (config) => ({ ...config, model: { ...config.model, max_retries: 0 } }),
};

const toolPolicy: Switch = {
  isOn: (config) => layersOf(config).length > 0,
  off: (config) => ({ ...config, tool_policy: { layers: [] } }),
};

const SWITCHES: ReadonlyMap<string, Switch> = new Map<string, Switch>([
  ...BLOCKS.map((key) => [key, block(key)] as const),
  ...GUARDRAIL_LAYERS.map((layer) => [`guardrails.${layer}`, guardrailLayer(layer)] as const),
  ["tool_policy", toolPolicy],
  ...TOOL_POLICY_LAYERS.map((layer) => [`tool_policy.${layer}`, toolLayer(layer)] as const),
  ["retrieval.grounding", grounding],
  ["model.fallbacks", fallbacks],
  ["model.max_retries", retries],
]);

/** Parts that an agent file has switched on, by the names of their keys. */
export function partsOf(config: AgentConfig): readonly string[] {
  return [...SWITCHES].filter(([, part]) => part.isOn(config)).map(([name]) => name);
}

/**
 * An agent file with parts switched off, to see what they are worth.
 *
 * @param parts - names of keys, such as `ledger` or `guardrails.output`
 * @returns the changed file, or what is wrong with `parts`, for a person to read
 */
export function switchedOff(
  config: AgentConfig,
  parts: readonly string[],
): { readonly config: AgentConfig } | { readonly problem: string } {
  const on = partsOf(config);
  const strange = parts.find((part) => !on.includes(part));
  if (strange !== undefined) {
    const has = on.length === 0 ? "no part that can be switched off" : listNames(on, on.length);
    return { problem: `found ${JSON.stringify(strange)}, the agent has ${has}` };
  }
  return { config: parts.reduce((changed, part) => SWITCHES.get(part)?.off(changed) ?? changed, config) };
}
