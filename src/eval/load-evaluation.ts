import { dirname, resolve } from "node:path";
import { UsageError } from "../core/errors.js";
import type { Dataset, GoldenCase } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import { readDataset } from "../datasets/read-dataset.js";
import { type CaseSelection, noCaseSelected, selectCases } from "../datasets/select-cases.js";
import { environmentNames } from "../environments/registry.js";
import type { Model } from "../models/model.js";
import { scriptedFallbackNotes } from "../models/scripted/notice.js";
import { buildAnyAgent } from "./agent/build-any-agent.js";
import { type LiveModelContext, liveModel } from "./agent/live-model.js";
import {
  answeringModel,
  environmentNamed,
  isExternal,
  type LoadedAgent,
  type LoadedExternalAgent,
  loadAnyAgent,
  parametersOf,
} from "./agent/load-agent.js";
import { withoutParts } from "./agent/without-parts.js";
import { caseNotes, checkEnvironments, refuseUsersWithoutModel } from "./dataset/check-cases.js";
import type { Evaluation } from "./evaluation.js";
import type { FoundSuite } from "./project/load-project.js";
import { shownPath } from "./project/shown-path.js";
import type { LoadedMetrics } from "./score/load-metrics.js";
import { loadRecording, type Recording } from "./trials/load-recording.js";
import { checkRecordedTrials, planTrials } from "./trials/plan.js";
import { recordingNotes } from "./trials/recording-notes.js";

/** What the user asked for, after flags, environment and configuration were put together. */
export interface EvaluationRequest {
  readonly suite: FoundSuite;
  /** Replace the suite's own; relative to the working directory. */
  readonly dataset?: string;
  readonly agent?: string;
  readonly recording?: string;
  /** Parts of the agent that are switched off. */
  readonly without?: readonly string[];
  readonly trials?: number;
  readonly timeoutMs?: number;
  readonly seed?: number;
  /** Which cases a new run takes, or the ids of those that the resumed run was planned with. */
  readonly selection: CaseSelection | { readonly planned: ReadonlySet<string> };
  readonly passWithNoTests: boolean;
  readonly metrics: LoadedMetrics;
}

export interface EvaluationContext extends LiveModelContext {
  readonly workingDirectory: string;
  /** Folder of what is kept between processes: that of the run history. */
  readonly dataFolder: string;
}

/**
 * Reads dataset, agent, recording and environments of a suite and plans its trials. Nothing is run or
 * written.
 *
 * @throws {ConfigError | DatasetError | UsageError} for anything wrong in what the user wrote
 */
export async function loadEvaluation(
  request: EvaluationRequest,
  context: EvaluationContext,
): Promise<Evaluation> {
  const { suite } = request;
  const { workingDirectory } = context;
  const within = (own: string | undefined, path: string) =>
    own === undefined ? resolve(suite.root, path) : resolve(workingDirectory, own);

  const dataset = await readDataset(
    shownPath(within(request.dataset, suite.config.dataset), workingDirectory),
  );
  const agentFile = within(request.agent, suite.config.agent);
  const without = request.without ?? [];
  const found = loadAnyAgent(agentFile, workingDirectory);
  const loaded = isExternal(found) ? playable(found, request, context) : withoutParts(found, without);
  const recording = await recordingOf(request, loaded, agentFile, dataset, workingDirectory);

  const selected = selectedCases(dataset, request);
  const cases =
    recording === null ? selected : selected.filter((one) => recording.trialsOf(one.id).length > 0);
  const trialsPerCase = request.trials ?? suite.config.trials;
  if (recording !== null && selected.length > 0) {
    checkRecordedTrials(selected, trialsPerCase, recording.trialsOf, recording.shownPath);
  }

  checkEnvironments(dataset, environmentNames());
  const environmentOf = (one: GoldenCase) =>
    one.environment === null ? loaded.environment : environmentNamed(one.environment);
  const userModel = await userModelOf(request, recording, context);
  if (userModel === null) refuseUsersWithoutModel(dataset, cases, suite.name);
  const agent = await buildAnyAgent(loaded, {
    ...context,
    recordingHash: recording?.hash ?? null,
    timeoutMs: request.timeoutMs,
    seed: request.seed,
    storage: { kind: "memory" },
    workingDirectory,
    specialistModel: (specialist) => agentModel(specialist, recording, context),
  });
  return {
    suite: suite.name,
    dataset,
    cases,
    agent,
    userModel,
    userModelHash: userModelHash(suite, recording),
    environmentOf,
    recordedTurns: (planned) => recording?.turnsOf(planned.caseId, planned.trial) ?? null,
    metrics: request.metrics,
    plan: planTrials(cases, trialsPerCase, recording?.trialsOf ?? null),
    trialsPerCase,
    seed: request.seed ?? 0,
    notes: [
      ...(without.length === 0 ? [] : [`switched off by --without: ${without.join(", ")}`]),
      ...(isExternal(loaded) ? [] : scriptedFallbackNotes(loaded.config.model.fallbacks ?? [])),
      ...(recording === null ? [] : recordingNotes(recording, dataset, selected, trialsPerCase)),
      // What tools and documents an agent of another kind has of its own, nobody knows here.
      ...(isExternal(loaded) ? [] : caseNotes(cases, environmentOf, agent.retrieval?.documentIds ?? null)),
    ],
  };
}

/** A resumed run keeps its cases; those that the dataset no longer has are found by `checkResumable`. */
function selectedCases(dataset: Dataset, request: EvaluationRequest): readonly GoldenCase[] {
  const { selection, passWithNoTests } = request;
  if ("planned" in selection) return dataset.cases.filter((one) => selection.planned.has(one.id));
  const selected = selectCases(dataset.cases, selection);
  if (selected.length === 0 && !passWithNoTests) throw noCaseSelected(dataset.cases, selection);
  return selected;
}

/**
 * The recording that answers, or `null`. That of the suite was made with the suite's agent: it does not
 * answer for another one that `--agent` names.
 */
async function recordingOf(
  { suite, recording, agent }: EvaluationRequest,
  loaded: LoadedAgent | LoadedExternalAgent,
  agentFile: string,
  dataset: Dataset,
  workingDirectory: string,
): Promise<Recording | null> {
  if (isExternal(loaded)) return null;
  const { name, provider } = loaded.config.model;
  const load = (file: string) => loadRecording(file, dataset, name, workingDirectory);
  if (recording !== undefined) return load(resolve(workingDirectory, recording));
  if (suite.config.recording !== undefined && agent === undefined) {
    return load(resolve(suite.root, suite.config.recording));
  }
  return provider === "replay" ? load(resolve(dirname(agentFile), name)) : null;
}

/** Whose replies come from elsewhere can neither be replayed nor recorded. */
function playable(
  loaded: LoadedExternalAgent,
  { recording, without = [] }: EvaluationRequest,
  { openCassette }: EvaluationContext,
): LoadedExternalAgent {
  const flag =
    recording !== undefined
      ? "--recording"
      : openCassette !== null
        ? "--record"
        : without.length > 0
          ? "--without"
          : null;
  if (flag === null) return loaded;
  throw new UsageError(
    `${flag} works on built-in agents, and ${loaded.file} is of kind ${loaded.config.kind}`,
    {
      nextStep: "leave the flag out; docs/bring-your-own-agent.md says what works on agents of other kinds",
    },
  );
}

async function agentModel(
  loaded: LoadedAgent,
  recording: Recording | null,
  context: EvaluationContext,
): Promise<Model> {
  if (recording !== null) return recording.model;
  const folder = dirname(resolve(context.workingDirectory, loaded.file));
  return liveModel(loaded.config.model, loaded.file, { ...context, folder });
}

async function userModelOf(
  { suite, seed }: EvaluationRequest,
  recording: Recording | null,
  context: EvaluationContext,
) {
  if (recording !== null) return { model: recording.model, parameters: {} };
  const config = suite.config.user_model;
  if (config === undefined) return null;
  return {
    model: await liveModel(config, `suite ${suite.name}`, { ...context, folder: suite.root }),
    parameters: parametersOf(config, seed),
  };
}

function userModelHash({ config }: FoundSuite, recording: Recording | null): string {
  if (recording !== null) return contentHash({ recording: recording.hash });
  return contentHash(config.user_model === undefined ? null : answeringModel(config.user_model));
}
