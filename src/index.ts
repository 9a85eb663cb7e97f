/** The library: what a program needs to read golden sets, run an evaluation, and judge and report it. */

export { type Clock, systemClock } from "./core/clock.js";
export {
  AgentctlError,
  ConfigError,
  DatasetError,
  ProviderError,
  StoreError,
  UsageError,
} from "./core/errors.js";
export type { AgentEvent, EventPayloads, EventType, RetrievedChunk } from "./core/events.js";
export { EXIT, type ExitCode } from "./core/exit-codes.js";
export type { CaseInput, Dataset, Expectation, GoldenCase } from "./core/golden-case.js";
export type { Message, ModelReply, TokenUsage, ToolCall, ToolSpec } from "./core/message.js";
export type { RunHeader, RunStatus } from "./core/run.js";
export type { RunObserver } from "./core/run-observer.js";
export type { Estimate, Score, Verdict } from "./core/score.js";
export { type Trace, traceOf } from "./core/trace.js";
export type { EnvironmentCheck, StopReason, Trial } from "./core/trial.js";
export { readDataset } from "./datasets/read-dataset.js";
export type {
  Environment,
  EnvironmentSession,
  EnvironmentTool,
  ToolOutcome,
} from "./environments/environment.js";
export type { EvalFlags } from "./eval/eval-flags.js";
export { type EvaluateOutcome, type EvaluateServices, evaluate } from "./eval/evaluate.js";
export { gateStoredRun } from "./eval/gate/gate-stored-run.js";
export type { GateReport, GateResult } from "./gates/gate-report.js";
export type { CustomMetric, CustomScore } from "./metrics/custom-metric.js";
export type { Metric, ScoredInput } from "./metrics/metric.js";
export type { Model, ModelRequest } from "./models/model.js";
export type { RunReport } from "./report/run-report.js";
export type { ToolDeclaration } from "./runtime/tools/module/tool-declaration.js";
export { type ToolCallContext, UnknownOutcomeError } from "./runtime/tools/tool.js";
export type { Store } from "./store/store.js";
