import { dirname, resolve } from "node:path";
import { modelSchema } from "../../config/agent/model-schema.js";
import { parseAgentFile } from "../../config/parse-agent-file.js";
import { UsageError } from "../../core/errors.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { RunHeader } from "../../core/run.js";
import { type ClaimJudge, claimJudgeVersion } from "../../judge/claim-judge.js";
import type { ClaimQuestion } from "../../judge/claim-questions.js";
import type { Model } from "../../models/model.js";
import { type ModelConfig, providerNames } from "../../models/registry.js";
import { type LiveModelContext, liveModel } from "../agent/live-model.js";
import { parametersOf } from "../agent/load-agent.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";

/** The provider that answers from word statistics: a baseline for agents, no model that can judge. */
const NO_JUDGE = "embedded";

/**
 * The judge that a flag names: `provider/name`, or an agent file whose model judges.
 *
 * @param spec - as the user gave it; paths are relative to the working directory
 * @throws {UsageError} for a model that cannot judge
 * @throws {ConfigError} when the agent file or the model's configuration cannot be used
 */
export async function loadJudge(
  spec: string,
  workingDirectory: string,
  context: LiveModelContext,
): Promise<ClaimJudge> {
  const isFile = /\.ya?ml$/.test(spec);
  const file = resolve(workingDirectory, isFile ? spec : "--judge");
  const config = isFile ? modelOfAgent(file, workingDirectory) : modelNamed(spec);
  const place = isFile ? shownPath(file, workingDirectory) : "--judge";
  return judgeModel(config, { spec: `--judge ${spec}`, file, place }, context);
}

/**
 * The model of a judge.
 *
 * @param named - where it was named, for messages; the file that its paths are relative to; that file as users see it
 * @throws {UsageError} for a model that cannot judge
 * @throws {ConfigError} when the model's configuration cannot be used
 */
export async function judgeModel(
  config: ModelConfig,
  { spec, file, place }: { readonly spec: string; readonly file: string; readonly place: string },
  context: LiveModelContext,
): Promise<ClaimJudge> {
  if (config.provider === NO_JUDGE) {
    throw new UsageError(`${spec}: expected a language model, found the provider ${NO_JUDGE}`, {
      nextStep: `${NO_JUDGE} is a baseline that reads no instructions; name a model such as openai/gpt-4.1`,
    });
  }
  const isReplay = config.provider === "replay";
  // A cassette is found wherever the process stands, and the judge keeps the name that the user gave it.
  const found = isReplay ? { ...config, name: resolve(dirname(file), config.name) } : config;
  const model = await liveModel(found, place, context);
  return {
    model: isReplay ? withName(model, config.name) : model,
    parameters: parametersOf(config, undefined),
  };
}

function withName(model: Model, name: string): Model {
  return { provider: model.provider, name, complete: (request, options) => model.complete(request, options) };
}

function modelOfAgent(file: string, workingDirectory: string): ModelConfig {
  const shown = shownPath(file, workingDirectory);
  const text = readTextFile(file, shown, "an agent file", "name a model as provider/name, or an agent file");
  return parseAgentFile(text, shown, { providers: providerNames() }).model;
}

/** At temperature 0, so that the same trial is judged the same way as far as the provider can do it. */
function modelNamed(spec: string): ModelConfig {
  const slash = spec.indexOf("/");
  const [provider, name] = [spec.slice(0, slash), spec.slice(slash + 1)];
  const known = providerNames();
  if (slash === -1 || name === "") {
    if (spec === NO_JUDGE) return modelSchema.parse({ provider: spec, name: spec });
    throw new UsageError(`--judge ${spec}: expected provider/name, such as openai/gpt-4.1, or an agent file`);
  }
  if (!known.includes(provider)) {
    const hint = `${didYouMean(provider, known)} (known: ${listNames(known)})`;
    throw new UsageError(`--judge ${spec}: unknown provider \`${provider}\`${hint}`);
  }
  return modelSchema.parse({ provider, name, temperature: 0 });
}

/** What a run's header says of a judge. */
export function judgesOf(judge: ClaimJudge, questions: readonly ClaimQuestion[]): RunHeader["judges"] {
  return questions.map((question) => ({
    metric: question.metric,
    version: claimJudgeVersion(judge, question),
  }));
}
