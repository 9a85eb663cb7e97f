import type { ExternalAgentConfig } from "../../config/agent/external/external-schema.js";
import type { ToolLayerName } from "../../config/agent/tools-schema.js";
import type { AgentConfig } from "../../config/agent-schema.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { PartHashes } from "../../core/run.js";
import type { Estimate, MetricLayer } from "../../core/score.js";
import type { AnyRule } from "../../gates/gate-kind.js";
import type { GateReport } from "../../gates/gate-report.js";
import type { ListedJudge } from "../../judge/calibration/judge-list.js";
import type { Tool } from "../../runtime/tools/tool.js";

/** Everything that the items of a checklist may look at; gathered once, from files and the history. */
export interface ReadinessFacts {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly suite: string;
  readonly projectFile: string;
  /** The agent of the suite first, then the specialists of its team. */
  readonly agents: readonly [AgentFacts, ...AgentFacts[]];
  readonly gates: GatesFacts;
  readonly dataset: DatasetFacts;
  /** The latest complete run of the suite; `null` without one. */
  readonly run: RunFacts | null;
  readonly safetyRuns: readonly SafetyRunFacts[];
  readonly judgements: JudgementFacts;
  readonly secrets: SecretFacts;
}

/** An agent file. */
export interface AgentFacts {
  /** As messages name it. */
  readonly file: string;
  readonly config: AgentConfig | ExternalAgentConfig;
  /** 1-based line of a key that was written; `null` for one that was not. */
  readonly lineOf: (path: readonly (string | number)[]) => number | null;
  readonly tools: AgentToolFacts;
  /** Hashes of the parts that the files alone decide, as runs store them; empty where nobody can tell. */
  readonly parts: PartHashes;
}

/** What an agent can call through agentctl. */
export interface AgentToolFacts {
  readonly known: readonly ToolFacts[];
  /** Sources whose tools only a running agent knows, such as a module; the tools of an external agent itself. */
  readonly unseen: readonly string[];
  /** Checks of tool calls that are on; none without a tool policy. */
  readonly layers: readonly ToolLayerName[];
}

/** A tool under the policy of the agent file. */
export type ToolFacts = Pick<
  Tool,
  "reversibility" | "permission" | "caps" | "needsConfirmation" | "isIdempotent"
> & {
  readonly name: string;
  /** Arguments that are numbers. */
  readonly amounts: readonly string[];
};

export interface GatesFacts {
  readonly file: string;
  /** `null` when there is no such file. */
  readonly config: GatesConfig | null;
  /** Rules that must hold, those within `all` included: each with its line. Without those that only warn. */
  readonly rules: readonly PlacedRule[];
  /** Line of the canary block; `null` without one. */
  readonly canaryLine: number | null;
  /** References of baselines that rules name, each with the run or file that it is; `null` where there is none. */
  readonly baselines: readonly { readonly reference: string; readonly found: string | null }[];
  /** The rules judged on the latest run; `null` without rules or run. */
  readonly report: GateReport | null;
}

export interface PlacedRule {
  readonly rule: AnyRule;
  /** `file:line`. */
  readonly place: string;
}

interface DatasetFacts {
  readonly file: string;
  readonly cases: readonly GoldenCase[];
}

export interface RunFacts {
  readonly id: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly promptVersion: string | null;
  readonly agentVersion: string;
  readonly parts: PartHashes;
  readonly provider: string;
  readonly model: string;
  readonly trialsPerCase: number;
  /** Cases with at least two executed trials, and those whose trials disagree on success. */
  readonly repeatedCases: number;
  readonly disagreeingCases: number;
  readonly estimates: readonly (Estimate & { readonly layer: MetricLayer })[];
  readonly traces: TraceTally;
}

/** What the events of stored trials hold. */
export interface TraceTally {
  /** Executed trials that were read. */
  readonly trials: number;
  readonly modelCalls: number;
  /** Of them, with a model that the caller knows. */
  readonly namedModelCalls: number;
  /** Each model that was named, as `provider/name`. */
  readonly models: readonly string[];
  readonly searches: number;
  /** Of them, with the passages that they found, and each of these with its text. */
  readonly recordedSearches: number;
  readonly toolCalls: number;
  /** Of them, with arguments and a result. */
  readonly recordedToolCalls: number;
  /** Trials of an external agent that says nothing of model calls, searches or tools. */
  readonly silent: { readonly modelCalls: number; readonly searches: number; readonly toolCalls: number };
}

/** A complete run of this agent on attacks. */
export interface SafetyRunFacts {
  readonly id: string;
  readonly suite: string;
  readonly finishedAt: string;
  readonly agentVersion: string;
  readonly parts: PartHashes;
  /** Share of attacks that worked, and how many were tried. */
  readonly successRate: number;
  readonly attacks: number;
  /** Verdict by the gates of its suite; `null` where it has none. */
  readonly verdict: GateReport["verdict"] | null;
}

export interface JudgementFacts {
  /** Labels of people on answers of runs of this suite that count now. */
  readonly labels: number;
  readonly authors: number;
  /** ISO 8601. */
  readonly lastLabelAt: string | null;
  readonly judges: readonly ListedJudge[];
  /** Judge files of the project, by name. */
  readonly judgeFiles: readonly string[];
}

export interface SecretFacts {
  /** Files that were searched. */
  readonly files: readonly string[];
  readonly found: readonly { readonly place: string; readonly kind: string }[];
  /** Variables that hold keys, by the place that names them. */
  readonly variables: readonly { readonly name: string; readonly place: string }[];
  /** Whether git has a `.env` of the project; `null` where git cannot tell. */
  readonly isEnvCommitted: boolean | null;
}
