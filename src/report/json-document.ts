import type { Incident } from "../config/release/incident-schema.js";
import type { RunHeader } from "../core/run.js";
import type { GateCheck } from "../gates/check/gate-check.js";
import type { GateReport } from "../gates/gate-report.js";
import type { GatePlan } from "../gates/plan/gate-plan.js";
import type { AgreementReport } from "../judge/agreement-report.js";
import type { CalibrationReport } from "../judge/calibration/calibration-report.js";
import type { ListedJudge } from "../judge/calibration/judge-list.js";
import type { JudgeComparisonReport } from "../judge/comparison/comparison-report.js";
import type { JudgeEstimateReport } from "../judge/correction/estimate-report.js";
import type { JudgeDriftReport } from "../judge/drift/drift-page.js";
import type { ReviewSummary } from "../judge/review/review-summary.js";
import type { JudgeRunReport } from "../judge/run/judge-run-report.js";
import type { RunSummary } from "../store/store.js";
import type { AuditReport } from "./audit-report.js";
import type { CanaryPlanReport } from "./canary-plan-document.js";
import type { CanarySimulation } from "./canary-simulation-document.js";
import type { SuiteOutcome } from "./changed-suites.js";
import type { CiDocuments } from "./ci/ci-documents.js";
import type { ComparisonReport } from "./comparison/comparison-report.js";
import type { DatasetDocuments } from "./dataset-documents.js";
import type { DoctorReport } from "./doctor-report.js";
import type { ExplainedGateDocument } from "./gates/gate-explanation-text.js";
import type { GatewayDocuments } from "./gateway/gateway-documents.js";
import type { IndexBuild, IndexSearch } from "./index-documents.js";
import type { ExportedLabels, ImportedLabels, ImportedVerdicts } from "./label-import-documents.js";
import type { DeletionReceipt, MemoryList, ReceiptCheck } from "./memory-documents.js";
import type { MetricDefinition } from "./metric-definition.js";
import type { ReadinessReport } from "./readiness/readiness-report.js";
import type { ReviewServerDocument } from "./review-page/review-server-text.js";
import type { RunReport } from "./run-report.js";
import type {
  CanaryExport,
  CanaryHistory,
  CanaryRequest,
  CanaryRollback,
  CanaryStatus,
} from "./schemas/canary-command.js";
import type { CanaryRender } from "./schemas/canary-render.js";
import type { CanaryScores } from "./schemas/canary-scores.js";
import type { CanaryWatch } from "./schemas/canary-watch.js";
import type { CanaryWatchdog } from "./schemas/canary-watchdog.js";
import type { EndpointBenchReport } from "./schemas/endpoint-bench.js";
import type { EndpointCheckReport } from "./schemas/endpoint-check.js";
import type { EndpointLoraReport, EndpointWarmReport } from "./schemas/endpoint-warm.js";
import type { TraceRecord } from "./trace-record.js";
import type { TrendReport } from "./trend-report.js";

/** What each kind of JSON document holds beside `schema` and `version`. `schemas/output/` describes them. */
export interface DocumentBodies extends DatasetDocuments, CiDocuments, GatewayDocuments {
  readonly init: {
    /** The folder as it was given, and files relative to it. */
    readonly folder: string;
    readonly created: readonly string[];
    /** Files that were there already and were left as they are. */
    readonly kept: readonly string[];
  };
  readonly "run-report": Omit<RunReport, "run"> & { readonly run: Omit<RunHeader, "plan"> };
  readonly "gate-report": GateReport;
  readonly "gate-check": GateCheck;
  readonly "gate-explanation": ExplainedGateDocument;
  readonly "gate-plan": GatePlan;
  readonly "report-files": {
    /** Absolute paths, in the order of writing. */
    readonly files: readonly string[];
  };
  readonly "run-list": { readonly runs: readonly RunSummary[] };
  readonly "run-tag": {
    readonly runId: string;
    readonly tag: string;
    /** Whether the run has the tag now. */
    readonly isTagged: boolean;
    /** All tags that the run has now. */
    readonly tags: readonly string[];
  };
  readonly "doctor-report": DoctorReport;
  readonly readiness: ReadinessReport;
  readonly "completion-script": { readonly shell: string; readonly script: string };
  readonly "exported-run": {
    readonly runId: string;
    /** As it was given. */
    readonly file: string;
    readonly hash: string;
    readonly cases: number;
    readonly trials: number;
    readonly hasTrials: boolean;
  };
  readonly "changed-suites": { readonly suites: readonly SuiteOutcome[] };
  readonly "removed-runs": { readonly runIds: readonly string[] };
  readonly trace: TraceRecord;
  readonly audit: AuditReport;
  readonly comparison: ComparisonReport;
  readonly "metric-trend": TrendReport;
  readonly "rater-agreement": AgreementReport;
  readonly "judge-run": JudgeRunReport;
  readonly "judge-calibration": CalibrationReport;
  readonly "judge-comparison": JudgeComparisonReport;
  readonly "judge-drift": JudgeDriftReport;
  readonly "judge-estimate": JudgeEstimateReport;
  readonly "judge-list": { readonly judges: readonly ListedJudge[] };
  readonly "review-summary": ReviewSummary;
  readonly "review-server": ReviewServerDocument;
  /** With the secret that lets a browser in. */
  readonly "view-server": { readonly url: string };
  readonly "imported-labels": ImportedLabels;
  readonly "imported-verdicts": ImportedVerdicts;
  readonly "exported-labels": ExportedLabels;
  readonly "metric-list": { readonly metrics: readonly MetricDefinition[] };
  readonly metric: MetricDefinition;
  readonly "memory-list": MemoryList;
  readonly "forgotten-facts": {
    readonly ids: readonly string[];
    readonly facts: number;
    readonly vectors: number;
  };
  readonly "deletion-receipt": DeletionReceipt;
  readonly "receipt-check": ReceiptCheck;
  readonly incident: {
    readonly file: string;
    readonly isNew: boolean;
    readonly incident: Incident;
  };
  readonly "incident-list": {
    readonly incidents: readonly Pick<
      Incident,
      "id" | "service" | "release" | "status" | "opened_at" | "summary" | "exposure"
    >[];
  };
  readonly "incident-cases": {
    readonly dataset: string;
    readonly added: readonly string[];
    readonly kept: readonly string[];
  };
  readonly "index-build": IndexBuild;
  readonly "index-search": IndexSearch;
  readonly "canary-status": CanaryStatus;
  readonly "canary-request": CanaryRequest;
  readonly "canary-rollback": CanaryRollback;
  readonly "canary-history": CanaryHistory;
  readonly "canary-export": CanaryExport;
  readonly "canary-scores": CanaryScores;
  readonly "canary-plan": CanaryPlanReport;
  readonly "canary-simulation": CanarySimulation;
  readonly "canary-watch": CanaryWatch;
  readonly "canary-watchdog": CanaryWatchdog;
  readonly "canary-render": CanaryRender;
  readonly "endpoint-check": EndpointCheckReport;
  readonly "endpoint-bench": EndpointBenchReport;
  readonly "endpoint-warm": EndpointWarmReport;
  readonly "endpoint-lora": EndpointLoraReport;
}

export type DocumentKind = keyof DocumentBodies;

/** Versions of the shapes; one grows when a field changes its meaning or goes. */
export const DOCUMENT_VERSIONS = {
  init: 1,
  "run-report": 1,
  "gate-report": 1,
  "gate-check": 1,
  "gate-explanation": 1,
  "gate-plan": 1,
  "report-files": 1,
  "ci-summary": 1,
  "ci-annotations": 1,
  "ci-outputs": 1,
  "ci-comment": 1,
  "run-list": 1,
  "run-tag": 1,
  "doctor-report": 1,
  readiness: 1,
  "completion-script": 1,
  "exported-run": 1,
  "changed-suites": 1,
  "removed-runs": 1,
  trace: 1,
  audit: 1,
  comparison: 1,
  "metric-trend": 1,
  "rater-agreement": 1,
  "judge-run": 1,
  "judge-calibration": 1,
  "judge-list": 1,
  "judge-estimate": 1,
  "judge-drift": 1,
  "review-summary": 1,
  "review-server": 1,
  "view-server": 1,
  "gateway-server": 1,
  "gateway-check": 1,
  "gateway-key": 1,
  "gateway-key-list": 1,
  "gateway-key-removed": 1,
  "judge-comparison": 1,
  "imported-labels": 1,
  "imported-verdicts": 1,
  "exported-labels": 1,
  "metric-list": 1,
  metric: 1,
  "memory-list": 1,
  "forgotten-facts": 1,
  "deletion-receipt": 1,
  "receipt-check": 1,
  incident: 1,
  "incident-list": 1,
  "incident-cases": 1,
  "index-build": 1,
  "index-search": 1,
  "canary-status": 1,
  "canary-request": 1,
  "canary-rollback": 1,
  "canary-history": 1,
  "canary-export": 1,
  "canary-scores": 1,
  "canary-plan": 1,
  "canary-simulation": 1,
  "canary-watch": 1,
  "canary-watchdog": 1,
  "canary-render": 1,
  "endpoint-check": 1,
  "endpoint-bench": 1,
  "endpoint-warm": 1,
  "endpoint-lora": 1,
  "dataset-check": 1,
  "dataset-stats": 1,
  "dataset-split": 1,
  "dataset-dedupe": 1,
  "dataset-diff": 1,
  "dataset-sample": 1,
  "dataset-power": 1,
  "imported-dataset": 1,
} as const satisfies { readonly [Kind in DocumentKind]: number };

/** The name that a document of a kind carries in `schema`, e.g. `agentctl/run-report`. */
export function schemaName(kind: DocumentKind): string {
  return `agentctl/${kind}`;
}

/** One JSON document: the name and version of its shape, then its content. */
export function renderDocument<Kind extends DocumentKind>(kind: Kind, body: DocumentBodies[Kind]): string {
  const document = { schema: schemaName(kind), version: DOCUMENT_VERSIONS[kind], ...body };
  return `${JSON.stringify(document, null, 2)}\n`;
}
