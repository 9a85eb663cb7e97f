import { z } from "zod";
import { DOCUMENT_VERSIONS, type DocumentBodies, type DocumentKind, schemaName } from "../json-document.js";
import { audit } from "./audit.js";
import {
  canaryExport,
  canaryHistory,
  canaryRequest,
  canaryRollback,
  canaryStatus,
} from "./canary-command.js";
import { canaryPlan } from "./canary-plan.js";
import { canaryRender } from "./canary-render.js";
import { canaryScores } from "./canary-scores.js";
import { canarySimulation } from "./canary-simulation.js";
import { canaryWatch } from "./canary-watch.js";
import { canaryWatchdog } from "./canary-watchdog.js";
import { changedSuites } from "./changed-suites.js";
import { ciAnnotations, ciComment, ciOutputs, ciSummary } from "./ci.js";
import { comparison } from "./comparison.js";
import {
  datasetCheck,
  datasetDedupe,
  datasetDiff,
  datasetPower,
  datasetSample,
  datasetSplit,
  datasetStats,
} from "./dataset.js";
import { doctorReport } from "./doctor.js";
import { endpointBench } from "./endpoint-bench.js";
import { endpointCheck } from "./endpoint-check.js";
import { endpointLora, endpointWarm } from "./endpoint-warm.js";
import { gateCheck } from "./gate-check.js";
import { gateExplanation } from "./gate-explanation.js";
import { gatePlan } from "./gate-plan.js";
import { gateReport } from "./gate-report.js";
import { gatewayCheck, gatewayKey, gatewayKeyList, gatewayKeyRemoved, gatewayServer } from "./gateway.js";
import { importedDataset } from "./imported-dataset.js";
import { incident, incidentCases, incidentList } from "./incident.js";
import { judgeCalibration, judgeList } from "./judge-calibration.js";
import { judgeComparison } from "./judge-comparison.js";
import { judgeDrift } from "./judge-drift.js";
import { judgeEstimate } from "./judge-estimate.js";
import { judgeRun } from "./judge-run.js";
import { exportedLabels, importedLabels, importedVerdicts } from "./label-import.js";
import { deletionReceipt, forgottenFacts, memoryList, receiptCheck } from "./memory.js";
import { metricDefinition } from "./metric-definition.js";
import { raterAgreement } from "./rater-agreement.js";
import { readiness } from "./readiness.js";
import { reviewServer } from "./review-server.js";
import { reviewSummary } from "./review-summary.js";
import { runSummary } from "./run.js";
import { exportedRun } from "./run-export.js";
import { runReport } from "./run-report.js";
import { indexBuild, indexSearch } from "./search-index.js";
import { trace } from "./trace.js";
import { metricTrend } from "./trend.js";

const bodies = {
  init: z.strictObject({
    folder: z.string().describe("As it was given."),
    created: z.array(z.string()).describe("Files written, relative to the folder."),
    kept: z.array(z.string()).describe("Files that were there already, left as they are."),
  }),
  "run-report": runReport,
  "gate-report": gateReport,
  "gate-check": gateCheck,
  "gate-explanation": gateExplanation,
  "gate-plan": gatePlan,
  "report-files": z.strictObject({ files: z.array(z.string()).describe("Absolute paths.") }),
  "run-list": z.strictObject({ runs: z.array(runSummary).describe("Newest first.") }),
  "run-tag": z.strictObject({
    runId: z.string(),
    tag: z.string(),
    isTagged: z.boolean().describe("Whether the run has the tag now."),
    tags: z.array(z.string()).describe("All tags that the run has now."),
  }),
  "doctor-report": doctorReport,
  readiness,
  "completion-script": z.strictObject({ shell: z.string(), script: z.string() }),
  "exported-run": exportedRun,
  "changed-suites": changedSuites,
  "removed-runs": z.strictObject({ runIds: z.array(z.string()) }),
  trace,
  "ci-summary": ciSummary,
  "ci-annotations": ciAnnotations,
  "ci-outputs": ciOutputs,
  "ci-comment": ciComment,
  audit,
  comparison,
  "metric-trend": metricTrend,
  "rater-agreement": raterAgreement,
  "judge-run": judgeRun,
  "judge-calibration": judgeCalibration,
  "judge-list": judgeList,
  "judge-estimate": judgeEstimate,
  "judge-drift": judgeDrift,
  "review-summary": reviewSummary,
  "review-server": reviewServer,
  "view-server": z.strictObject({
    url: z.string().describe("Link to the pages, with the secret that lets a browser in."),
  }),
  "gateway-server": gatewayServer,
  "gateway-check": gatewayCheck,
  "gateway-key": gatewayKey,
  "gateway-key-list": gatewayKeyList,
  "gateway-key-removed": gatewayKeyRemoved,
  "judge-comparison": judgeComparison,
  "imported-labels": importedLabels,
  "imported-verdicts": importedVerdicts,
  "exported-labels": exportedLabels,
  "metric-list": z.strictObject({ metrics: z.array(metricDefinition) }),
  metric: metricDefinition,
  "memory-list": memoryList,
  "forgotten-facts": forgottenFacts,
  "deletion-receipt": deletionReceipt,
  "receipt-check": receiptCheck,
  incident,
  "incident-list": incidentList,
  "incident-cases": incidentCases,
  "index-build": indexBuild,
  "index-search": indexSearch,
  "canary-status": canaryStatus,
  "canary-request": canaryRequest,
  "canary-rollback": canaryRollback,
  "canary-history": canaryHistory,
  "canary-export": canaryExport,
  "canary-scores": canaryScores,
  "canary-plan": canaryPlan,
  "canary-simulation": canarySimulation,
  "canary-watch": canaryWatch,
  "canary-watchdog": canaryWatchdog,
  "canary-render": canaryRender,
  "endpoint-check": endpointCheck,
  "endpoint-bench": endpointBench,
  "endpoint-warm": endpointWarm,
  "endpoint-lora": endpointLora,
  "dataset-check": datasetCheck,
  "dataset-stats": datasetStats,
  "dataset-split": datasetSplit,
  "dataset-dedupe": datasetDedupe,
  "dataset-diff": datasetDiff,
  "dataset-sample": datasetSample,
  "dataset-power": datasetPower,
  "imported-dataset": importedDataset,
} satisfies { readonly [Kind in DocumentKind]: z.ZodObject & z.ZodType<DocumentBodies[Kind]> };

const TITLES: { readonly [Kind in DocumentKind]: string } = {
  init: "agentctl init --json",
  "run-report":
    "agentctl eval, runs show, runs merge, score and import with --json; a report written as .json",
  "gate-report": "agentctl gate --json",
  "gate-check": "agentctl gate check --json",
  "gate-explanation": "agentctl gate explain --json",
  "gate-plan": "agentctl gate plan --json",
  "report-files": "agentctl report --json",
  "ci-summary": "agentctl ci summary --json",
  "ci-annotations": "agentctl ci annotations --json",
  "ci-outputs": "agentctl ci outputs --json",
  "ci-comment": "agentctl ci comment --json",
  "run-list": "agentctl runs list --json; import promptfoo of several runs",
  "run-tag": "agentctl runs tag --json",
  "doctor-report": "agentctl doctor --json",
  readiness: "agentctl readiness --json; a scorecard written as .json",
  "completion-script": "agentctl completion --json",
  "exported-run": "agentctl runs export --json",
  "changed-suites": "agentctl eval --changed --json",
  "removed-runs": "agentctl runs rm --json",
  trace: "agentctl trace --json",
  audit: "agentctl trace --audit --json",
  comparison: "agentctl compare --json; a comparison written as .json",
  "metric-trend": "agentctl runs trend --json",
  "rater-agreement": "agentctl judge agreement --json",
  "judge-run": "agentctl judge run --json",
  "judge-calibration": "agentctl judge calibrate --json",
  "judge-list": "agentctl judge list --json",
  "judge-estimate": "agentctl judge estimate --json",
  "judge-drift": "agentctl judge drift --json",
  "review-summary": "agentctl review --json",
  "review-server": "agentctl review serve --json",
  "view-server": "agentctl view --json",
  "gateway-server": "agentctl gateway --json",
  "gateway-check": "agentctl gateway check --json",
  "gateway-key": "agentctl gateway key add --json",
  "gateway-key-list": "agentctl gateway key list --json",
  "gateway-key-removed": "agentctl gateway key remove --json",
  "judge-comparison": "agentctl judge compare --json",
  "imported-labels": "agentctl import labels --json",
  "imported-verdicts": "agentctl import verdicts --json",
  "exported-labels": "agentctl judge export --json",
  "metric-list": "agentctl metrics --json",
  metric: "agentctl metrics show --json",
  "memory-list": "agentctl memory show --json",
  "forgotten-facts": "agentctl memory forget --json with --fact, --kind or --query",
  "deletion-receipt": "agentctl memory forget --json; a receipt",
  "receipt-check": "agentctl memory verify-receipt --json",
  incident: "agentctl incident show and close with --json",
  "incident-list": "agentctl incident list --json",
  "incident-cases": "agentctl incident cases --json",
  "index-build": "agentctl index build --json",
  "index-search": "agentctl index search --json",
  "canary-status": "agentctl canary status --json, and of canary start --json when it ends",
  "canary-request": "agentctl canary approve, reject, pause, resume, extend and promote with --json",
  "canary-rollback": "agentctl canary rollback --json",
  "canary-history": "agentctl canary history --json",
  "canary-export": "agentctl canary export --json",
  "canary-scores": "agentctl canary score --json",
  "canary-plan": "agentctl canary plan --json",
  "canary-simulation": "agentctl canary simulate --json",
  "canary-watch": "agentctl canary watch --json",
  "canary-watchdog": "agentctl canary watchdog --json",
  "canary-render": "agentctl canary render --json",
  "endpoint-check": "agentctl endpoint check --json",
  "endpoint-bench": "agentctl endpoint bench --json",
  "endpoint-warm": "agentctl endpoint warm --json",
  "endpoint-lora": "agentctl endpoint lora load, unload and list with --json",
  "dataset-check": "agentctl dataset check --json",
  "dataset-stats": "agentctl dataset stats --json",
  "dataset-split": "agentctl dataset split --json",
  "dataset-dedupe": "agentctl dataset dedupe --json",
  "dataset-diff": "agentctl dataset diff --json",
  "dataset-sample": "agentctl dataset sample --json",
  "dataset-power": "agentctl dataset power --json",
  "imported-dataset": "agentctl import with --dataset and --json",
};

/** JSON Schemas (draft 7) of the documents that commands print under `--json`, by file name, as text. */
export function documentSchemas(): ReadonlyMap<string, string> {
  const schemas = new Map<string, string>();
  for (const kind of Object.keys(bodies) as DocumentKind[]) {
    const document = z.strictObject({
      schema: z.literal(schemaName(kind)),
      version: z.literal(DOCUMENT_VERSIONS[kind]),
      ...bodies[kind].shape,
    });
    const { $schema, ...rest } = z.toJSONSchema(document, { target: "draft-7" });
    schemas.set(
      `${kind}.schema.json`,
      `${JSON.stringify({ $schema, title: TITLES[kind], ...rest }, null, 2)}\n`,
    );
  }
  return schemas;
}
