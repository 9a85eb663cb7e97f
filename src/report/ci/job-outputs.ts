import type { Verdict } from "../../core/score.js";
import { oneLine } from "../plain-text.js";
import type { CiReport } from "./ci-markdown.js";

/** What later steps of a CI job may ask for. */
export interface JobOutputs {
  /** The worst of the runs; `skipped` when there was nothing to run, `none` when no gate judged. */
  readonly verdict: Verdict | "skipped" | "none";
  readonly runIds: readonly string[];
  /** Trials that passed of those that were scored, 0 to 1; `null` when none was. */
  readonly passRate: number | null;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  /** US dollars as far as known; `null` when nothing is. */
  readonly costUsd: number | null;
}

export function jobOutputs({ runs, exitCode }: CiReport): JobOutputs {
  const sum = (key: "passed" | "failed" | "errors") =>
    runs.reduce((total, run) => total + run.totals[key], 0);
  const [passed, failed] = [sum("passed"), sum("failed")];
  const costs = runs.flatMap(({ totals }) => totals.costUsd ?? []);
  return {
    verdict: verdictOf({ runs, exitCode }),
    runIds: runs.map(({ run }) => run.id),
    passRate: passed + failed === 0 ? null : passed / (passed + failed),
    passed,
    failed,
    errors: sum("errors"),
    costUsd: costs.length === 0 ? null : costs.reduce((total, cost) => total + cost, 0),
  };
}

function verdictOf({ runs, exitCode }: CiReport): JobOutputs["verdict"] {
  if (runs.length === 0) return exitCode === 0 ? "skipped" : "error";
  const verdicts = runs.map(({ gate }) => gate?.verdict ?? "none");
  const order = ["error", "fail", "inconclusive", "none"] as const;
  return order.find((verdict) => verdicts.includes(verdict)) ?? "pass";
}

/** `name=value` lines for `$GITHUB_OUTPUT` or a dotenv report of GitLab; no value can begin a line of its own. */
export function renderJobOutputs(outputs: JobOutputs, format: "github" | "gitlab"): string {
  const lines = {
    verdict: outputs.verdict,
    "run-id": outputs.runIds.at(-1) ?? "",
    "run-ids": outputs.runIds.join(" "),
    "pass-rate": outputs.passRate === null ? "" : String(Number(outputs.passRate.toFixed(6))),
    passed: String(outputs.passed),
    failed: String(outputs.failed),
    errors: String(outputs.errors),
    "cost-usd": outputs.costUsd === null ? "" : String(Number(outputs.costUsd.toFixed(6))),
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${format === "github" ? name : variableOf(name)}=${oneLine(value, 10_000)}`)
    .join("\n")}\n`;
}

/** Names of GitLab's dotenv reports have no dash; `AGENTCTL_` is for flags. */
function variableOf(name: string): string {
  return `EVAL_${name.replaceAll("-", "_").toUpperCase()}`;
}
