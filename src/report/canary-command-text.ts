import type {
  CanaryExport,
  CanaryHistory,
  CanaryRelease,
  CanaryRequest,
  CanaryRollback,
  CanaryRow,
  CanaryStatus,
} from "./schemas/canary-command.js";

/** Where a release stands, for people. */
export function renderCanaryStatus(status: CanaryStatus): string {
  const { release, controller, last } = status;
  const lines = [
    `${release.id}  ${release.service}  ${release.state.text} since ${release.since}`,
    `  new version  ${release.canary.agentVersion}  ${release.canary.url}`,
    `  stable       ${release.stable.agentVersion}  ${release.stable.url}`,
    `  share        ${percent(status.confirmedBps)} (last read back from the router)`,
    "  steps",
    ...status.steps.map(
      (step) => `    ${stepMark(step)} ${percent(step.bps).padStart(7)}  ${stepText(step)}`,
    ),
    `  counted      ${counted(status)}`,
    `  controller   ${controllerText(controller)}`,
  ];
  if (status.unknownCapacity !== null)
    lines.push(`  capacity     since ${status.unknownCapacity.since} ${status.unknownCapacity.reason}`);
  if (last !== null) lines.push(`  last         ${last.at} ${last.event} by ${last.actor}: ${last.reason}`);
  for (const { request, actor, reason } of status.requests)
    lines.push(`  asked        ${request} by ${actor}: ${reason}`);
  if (status.outcome === "live" || status.outcome === "held")
    lines.push(`  takes        ${status.takes.join(", ")}`);
  return lines.join("\n");
}

function stepMark({ startedAt, endedAt }: CanaryStatus["steps"][number]): string {
  if (startedAt === null) return " ";
  return endedAt === null ? ">" : "x";
}

function stepText(step: CanaryStatus["steps"][number]): string {
  const bake = `bakes ${time(step.bakeMs)} to ${time(step.maxBakeMs)}, ${step.minConversations} conversations`;
  return `${bake}${step.needsApproval ? ", then an approval" : ""}${step.startedAt === null ? "" : `; since ${step.startedAt}`}`;
}

function counted({ counters, bakedMs, extendedMs }: CanaryStatus): string {
  const { applyFailures, failures, inconclusive, consecutiveErrors } = counters;
  const extended = extendedMs === 0 ? "" : ` (extended by ${time(extendedMs)})`;
  return (
    `baked ${time(bakedMs)}${extended}, ${failures} failed, ${inconclusive} inconclusive, ` +
    `${consecutiveErrors} errors in a row, ${applyFailures} failed shifts`
  );
}

function controllerText(controller: CanaryStatus["controller"]): string {
  if (controller === null) return "none";
  return `${controller.holder}, ${controller.isAlive ? "alive" : "gone"}; lease until ${controller.expiresAt}`;
}

/** What became of a request. */
export function renderCanaryRequest(request: CanaryRequest): string {
  const line = `${request.releaseId}: ${request.request} by ${request.actor}`;
  if (request.outcome === "done") return `${line}, done: ${request.state.text}`;
  const why = request.hasController
    ? "the controller has not answered yet"
    : "no controller runs; the next one takes it first";
  return `${line}, left in the journal: ${why} (${request.state.text})`;
}

const ROLLBACKS: Record<CanaryRollback["outcome"], string> = {
  "rolled-back": "rolled back: the split is 0, and was read back",
  cancelled: "cancelled before any traffic moved",
  "nothing-live": "nothing is live, nothing to roll back",
  held: "HELD: the stable version does not answer and the new one does, so traffic stays where it is",
  "pointed-back": "the stable version is set back",
};

/** What became of a rollback. */
export function renderCanaryRollback(rollback: CanaryRollback): string {
  const { releaseId, outcome, by, stable, splitBps, notes } = rollback;
  const name = releaseId === null ? "" : `${releaseId}: `;
  const whom = by === "command" ? " (by this command)" : by === "controller" ? " (by the controller)" : "";
  return [
    `${name}${endOf(outcome, splitBps)}${whom}`,
    ...(outcome === "pointed-back" && stable !== null
      ? [`  stable       ${stable.agentVersion}  ${stable.url}`]
      : []),
    ...notes.map((note) => `  ${note}`),
  ].join("\n");
}

function endOf(outcome: CanaryRollback["outcome"], splitBps: number | null): string {
  if (outcome === "rolled-back" && splitBps === null) return "ended, without traffic to take back";
  const isMoved = outcome === "pointed-back" && splitBps !== null;
  return `${ROLLBACKS[outcome]}${isMoved ? ", and all traffic is on it" : ""}`;
}

/** Every release with every row, newest release first. */
export function renderCanaryHistory({ service, releases }: CanaryHistory): string {
  if (releases.length === 0) return `${service}: nothing was released yet`;
  return releases
    .map(({ rows, ...release }) => [releaseLine(release), ...rows.map(rowLine)].join("\n"))
    .join("\n\n");
}

function releaseLine(release: CanaryRelease): string {
  return (
    `${release.id}  ${release.state.text}  ${release.stable.agentVersion} -> ${release.canary.agentVersion}` +
    `  by ${release.author}, ${release.createdAt}`
  );
}

function rowLine(row: CanaryRow): string {
  const way = row.from === row.to ? row.from : `${row.from} -> ${row.to}`;
  const share = row.targetBps === null ? "" : `  ${percent(row.targetBps)}`;
  return `  ${String(row.seq).padStart(5)}  ${row.at}  ${row.kind.padEnd(10)}  ${row.event}${share}  ${way}  ${row.actor}: ${row.reason}`;
}

/** One JSON value a line: releases, their rows, evidence; for files and other programs. */
export function renderCanaryLines({ releases, evidence, problems }: CanaryExport): string {
  const lines: object[] = [];
  for (const { rows, ...release } of releases) {
    lines.push({ type: "release", ...release });
    for (const row of rows) lines.push({ type: "row", releaseId: release.id, ...row });
  }
  for (const [hash, content] of Object.entries(evidence)) lines.push({ type: "evidence", hash, content });
  for (const problem of problems) lines.push({ type: "problem", problem });
  return lines.map((line) => JSON.stringify(line)).join("\n");
}

function percent(bps: number): string {
  return `${bps / 100} %`;
}

function time(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `${Math.round(ms / 100) / 10}s`;
  return minutes < 120 ? `${Math.round(minutes * 10) / 10}m` : `${Math.round(minutes / 6) / 10}h`;
}
