import { dirname, join, resolve } from "node:path";
import type { ExternalAgentConfig } from "../../config/agent/external/external-schema.js";
import type { AgentConfig } from "../../config/agent-schema.js";
import { parseAnyAgentFile } from "../../config/parse-agent-file.js";
import { ConfigError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import type { JsonSchema } from "../../core/message.js";
import type { Environment } from "../../environments/environment.js";
import { environmentNames, loadEnvironment } from "../../environments/registry.js";
import { checkAgainstSchema } from "../../metrics/generation/json-schema-checker.js";
import type { ModelParameters } from "../../models/model.js";
import { type ModelConfig, providerNames } from "../../models/registry.js";
import { SCRIPTED_PROVIDER } from "../../models/scripted/notice.js";
import { readScript } from "../../models/scripted/read-script.js";
import { packageRoot } from "../project/package-root.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";
import { memorySeedHash } from "./memory-seed-hash.js";

/** An agent file with everything that it names, read but without its model. */
export interface LoadedAgent {
  readonly file: string;
  /** Its folder, absolute: paths in it are relative to this. */
  readonly folder: string;
  readonly config: AgentConfig;
  readonly promptText: string;
  readonly environment: Environment | null;
  /** Content hashes of the scripts that answer for its models, in the order of the agent file. */
  readonly scriptHashes: readonly string[];
}

/** The file of an agent that is not built in, read but without the agent. */
export interface LoadedExternalAgent {
  readonly file: string;
  /** Its folder, absolute: paths in it are relative to this. */
  readonly folder: string;
  readonly config: ExternalAgentConfig;
  /** Whose tools the agent may call through agentctl. */
  readonly environment: Environment | null;
}

const environments = new Map<string, Environment>();

/** Loads an environment once for the process: its data are shared by all trials. */
export function environmentNamed(name: string): Environment {
  const loaded = environments.get(name) ?? loadEnvironment(name, join(packageRoot, "datasets"));
  environments.set(name, loaded);
  return loaded;
}

/** Whether an agent is one of another kind than the built-in runtime. */
export function isExternal(loaded: LoadedAgent | LoadedExternalAgent): loaded is LoadedExternalAgent {
  return isExternalConfig(loaded.config);
}

/**
 * Reads the file of a built-in agent and its prompt.
 *
 * @throws {ConfigError} with every problem of the agent file at once, or when it is of another kind
 */
export function loadAgent(file: string, workingDirectory: string): LoadedAgent {
  const loaded = loadAnyAgent(file, workingDirectory);
  if (!isExternal(loaded)) return loaded;
  const message = `expected a built-in agent here, found \`kind: ${loaded.config.kind}\``;
  throw new ConfigError([{ file: loaded.file, message }], {
    nextStep: "agents of other kinds answer in suites and in `agentctl chat`, not within a team",
  });
}

/**
 * Reads an agent file of any kind, and the prompt of a built-in agent.
 *
 * @throws {ConfigError} with every problem of the agent file at once
 */
export function loadAnyAgent(file: string, workingDirectory: string): LoadedAgent | LoadedExternalAgent {
  const path = resolve(workingDirectory, file);
  const shown = shownPath(path, workingDirectory);
  const nextStep = "check `agent` of the suite in agentctl.yaml, or name another with --agent";
  const text = readTextFile(path, shown, "an agent file", nextStep);
  const config = parseAnyAgentFile(text, shown, {
    providers: providerNames(),
    environments: environmentNames(),
    schemaProblem: (schema) => {
      const finding = checkAgainstSchema(schema, null);
      return finding.kind === "unusable" ? finding.problem : null;
    },
    toolsOf: (name) => environmentNamed(name).tools.map((tool) => tool.spec.name),
  });
  const folder = dirname(path);
  if (isExternalConfig(config)) {
    const { environment = undefined } = config.kind === "otlp" ? {} : config;
    return {
      file: shown,
      folder,
      config,
      environment: environment === undefined ? null : environmentNamed(environment),
    };
  }
  return {
    file: shown,
    folder,
    config,
    promptText: config.prompt.text ?? readPrompt(resolve(folder, config.prompt.file ?? ""), shown),
    environment: config.environment === undefined ? null : environmentNamed(config.environment),
    scriptHashes: [config.model, ...(config.model.fallbacks ?? [])]
      .filter(({ provider }) => provider === SCRIPTED_PROVIDER)
      .map(({ name }) => readScript(name, shown, folder).hash),
  };
}

function isExternalConfig(config: AgentConfig | ExternalAgentConfig): config is ExternalAgentConfig {
  return config.kind !== undefined && config.kind !== "builtin";
}

function readPrompt(path: string, agentFile: string): string {
  const nextStep = "create it, or correct `prompt.file` (it is relative to the agent file)";
  return readTextFile(path, agentFile, `the prompt file ${path}`, nextStep);
}

/** The sampling parameters of an agent file, with the seed that the user asked for. */
export function parametersOf(model: AgentConfig["model"], seed: number | undefined): ModelParameters {
  return {
    ...(model.temperature === undefined ? {} : { temperature: model.temperature }),
    ...(model.top_p === undefined ? {} : { topP: model.top_p }),
    ...(model.max_tokens === undefined ? {} : { maxTokens: model.max_tokens }),
    ...(seed === undefined ? {} : { seed }),
    ...(model.output === undefined
      ? {}
      : { output: { schema: model.output.schema as JsonSchema, repair: model.output.repair } }),
  };
}

/**
 * The content hash that names an agent version: agent file, prompt text, tools, documents, memory seed and model
 * parameters, and the recording that answers for the model. Where the endpoint is and how long to wait for
 * it does not change the version.
 */
export function agentVersionOf(
  agent: LoadedAgent,
  {
    recording,
    tools,
    documents,
  }: {
    /** Hash of the recording that answers for the model; `null` when none does. As the others. */
    readonly recording: string | null;
    readonly tools: string | null;
    readonly documents: string | null;
  },
): string {
  const model = answeringModel(agent.config.model);
  const { kind, ...config } = agent.config;
  const memorySeed = memorySeedHash(agent);
  return contentHash({
    ...config,
    model,
    prompt: { version: agent.config.prompt.version, text: agent.promptText },
    environment: agent.environment?.hash ?? null,
    documents,
    recording,
    ...(tools === null ? {} : { toolSources: tools }),
    ...(memorySeed === null ? {} : { memorySeed }),
    ...(agent.scriptHashes.length === 0 ? {} : { scripts: agent.scriptHashes }),
  });
}

/** What of a model and its fallbacks decides the answers. */
export function answeringModel({ fallbacks, ...first }: AgentConfig["model"]): object {
  return {
    ...withoutReach(first),
    ...(fallbacks === undefined ? {} : { fallbacks: fallbacks.map(withoutReach) }),
  };
}

/** A model block without what says where the model is, how long to wait for it and how often to ask. */
function withoutReach<Config extends ModelConfig>(config: Config) {
  const { base_url, api_key_env, timeout_ms, idle_timeout_ms, max_retries, price, stream, ...model } = config;
  const { retry, breaker, limits, hedge, ...answering } = model;
  return answering;
}
