import type { RunHeader } from "../../core/run.js";
import { agentctlVersion } from "../project/agentctl-version.js";

type Known = Pick<
  RunHeader,
  "id" | "suite" | "createdAt" | "status" | "datasetPath" | "datasetHash" | "trialsPerCase"
>;

/** The header of a run that stands in no store, such as a conversation, or a run that is only planned. */
export function unstoredRun(known: Known & Partial<RunHeader>): RunHeader {
  return {
    finishedAt: null,
    agentName: "",
    agentVersion: "",
    promptVersion: null,
    provider: "",
    model: "",
    userModel: null,
    judges: [],
    seed: 0,
    plan: [],
    gitCommit: null,
    gitDirty: null,
    tags: [],
    notes: [],
    metrics: [],
    customMetrics: [],
    invocation: {},
    agentctlVersion,
    ...known,
  };
}
