import { formatDuration } from "../../ui/progress-state.js";
import { longestBakeMs, lookIntervalMs } from "../controller/intervals.js";
import { sharePercent } from "../controller/split.js";
import type { StepDecision } from "../decisions/step-decision.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { hasEnded, type PauseReason } from "../machine/state.js";

/** What the next decision depends on. */
export interface Waiting {
  readonly release: ReleaseRecord;
  readonly decision: Pick<StepDecision, "verdict" | "reason" | "abort" | "mismatch" | "control"> | null;
  /** Of the new version, in the present step. */
  readonly stepConversations: number;
  /** When the last lease ended, milliseconds since the Unix epoch; `null`: there was none. */
  readonly silentSince: number | null;
  readonly isControlled: boolean;
  /** Of the last transition, and who asked for it. */
  readonly reason: string;
  /** When the present step was last judged, milliseconds since the Unix epoch; `null`: not yet. */
  readonly judgedAt: number | null;
  readonly now: number;
}

/** What a person does about each pause. */
const REMEDIES: Record<PauseReason, string> = {
  approval: "",
  drift: "look who did it; resume verifies the split again",
  srm: "find out why, then resume or rollback",
  underpowered: "agentctl canary extend gives it more time",
  inconclusive: "agentctl canary extend gives it more time",
  metrics: "repair their source, then resume",
  control: "bring the stable version back, then resume",
  capacity: "give the endpoint room, then resume",
  promote: "repair it, then resume",
  requested: "resume goes on",
};

/** What a release waits for, and why: the most pressing sentence first. */
export function nextDecision(waiting: Waiting): string[] {
  const { release, isControlled, silentSince } = waiting;
  if (hasEnded(release.state)) return [ended(release)];
  if (isControlled) return sentences(waiting);
  const since = silentSince === null ? "" : ` since ${new Date(silentSince).toISOString().slice(11, 19)} UTC`;
  return [
    `NOBODY CONTROLS IT${since}: agentctl canary start --resume ${release.id} goes on, rollback takes it back`,
    ...sentences(waiting),
  ];
}

function ended({ state, plan }: ReleaseRecord): string {
  switch (state.name) {
    case "SUCCEEDED":
      return `promoted: ${plan.canary.agentVersion.slice(0, 12)} is the stable version now`;
    case "ROLLED_BACK":
      return "rolled back: all traffic is on the stable version; agentctl incident show says what happened";
    case "SUPERSEDED":
      return "superseded by another release";
    default:
      return "cancelled before any traffic moved";
  }
}

function sentences(waiting: Waiting): string[] {
  const { release, now } = waiting;
  const { state, plan, counters } = release;
  const waited = Math.max(0, now - Date.parse(release.since));
  const left = (ms: number) => formatDuration(Math.max(0, ms - waited));
  switch (state.name) {
    case "PLANNED":
    case "PREFLIGHT":
      return ["checks that both arms answer, figures can be read and the router takes a split of 0"];
    case "AWAITING_APPROVAL":
      return [`${approval(release)}; cancelled in ${left(plan.approvalExpiryMs)} otherwise`];
    case "SHIFTING":
      return [
        `sets ${stepShare(release, state.step)} at the router; ${counters.applyFailures} of ${plan.limits.applyFailures} tries failed`,
      ];
    case "VERIFYING":
      return [`reads ${stepShare(release, state.step)} back, and sends probes that must land in their arm`];
    case "BAKING":
    case "EVALUATING":
      return baking(waiting, state.step);
    case "PAUSED": {
      const patience = state.reason === "approval" ? plan.approvalExpiryMs : plan.pauseTimeoutMs;
      const why =
        state.reason === "approval" ? approval(release) : `${waiting.reason}; ${REMEDIES[state.reason]}`;
      return [
        `paused: ${why}`,
        plan.onTimeout === "abort"
          ? `rolled back in ${left(patience)}, on proven harm at once`
          : `stays paused after ${left(patience)} too; rolled back on proven harm at once`,
      ];
    }
    case "PROMOTING":
      return ["gives the new version all traffic, then moves the pointer to the stable version"];
    case "WATCHING":
      return [watching(waiting)];
    case "ABORTING":
      return ["sets the split to 0, reads it back, and repeats until no new traffic is seen"];
    case "ROLLBACK_HELD":
      return [
        "HELD: the stable version does not answer and the new one does, so traffic stays; repair stable, or agentctl canary rollback --force",
      ];
    default:
      return [];
  }
}

function baking(waiting: Waiting, step: number): string[] {
  const { release, decision, stepConversations } = waiting;
  const { plan, bakedMs } = release;
  const planned = plan.steps[step];
  if (planned === undefined) return [];
  if (decision !== null && decision.abort !== null) return [`rolls back at the next look: ${decision.abort}`];
  if (decision !== null && decision.mismatch !== null)
    return [`pauses at the next look: ${decision.mismatch}`];
  if (decision !== null && decision.control !== null) return [`pauses at the next look: ${decision.control}`];
  const missing = planned.minConversations - stepConversations;
  const longest = longestBakeMs(release, step);
  const waits = [
    ...(bakedMs < planned.bakeMs ? [`in ${formatDuration(planned.bakeMs - bakedMs)}`] : []),
    ...(missing > 0
      ? [`after ${missing} more ${missing === 1 ? "conversation" : "conversations"} of the new version`]
      : []),
  ];
  const when = waits.length === 0 ? judgedAgain(waiting, step) : `judged ${waits.join(" and ")}`;
  const soFar = decision === null ? "" : `; so far ${decision.verdict}: ${decision.reason}`;
  const lastly = formatDuration(Math.max(0, longest - bakedMs));
  return [
    `${when}${soFar}`,
    `a pass ${afterStep(release, step)}; undecided in ${lastly} (${formatDuration(longest)} of bake) pauses`,
  ];
}

/** Evaluations that decide nothing are spread from the least to the longest bake. */
function judgedAgain({ release, judgedAt, now }: Waiting, step: number): string {
  const left = judgedAt === null ? 0 : judgedAt + lookIntervalMs(release, step) - now;
  return left <= 0 ? "judged at the next look" : `judged again in ${formatDuration(left)}`;
}

function afterStep({ plan }: ReleaseRecord, step: number): string {
  const next = plan.steps[step + 1];
  const goal = next === undefined ? "promotes it" : `leads to ${sharePercent(next.bps)}`;
  return plan.steps[step]?.needsApproval === true ? `asks for an approval, which ${goal}` : goal;
}

function watching({ release, decision }: Waiting): string {
  const { plan, bakedMs } = release;
  const soFar = decision === null ? "" : `; so far ${decision.verdict}: ${decision.reason}`;
  const left = plan.watchMs - bakedMs;
  return left > 0
    ? `late outcomes may still take it back for ${formatDuration(left)}${soFar}`
    : `ends when late outcomes decide, at the latest in ${formatDuration(Math.max(0, 2 * plan.watchMs - bakedMs))}${soFar}`;
}

function approval({ plan, author }: ReleaseRecord): string {
  const who =
    plan.releaseManagers.length === 0 ? "somebody" : `a release manager (${plan.releaseManagers.join(", ")})`;
  return `waits for an approval by ${who}${plan.fourEyes ? `, not by ${author}, its author` : ""}; else agentctl canary reject`;
}

function stepShare({ plan }: ReleaseRecord, step: number): string {
  return sharePercent(plan.steps[step]?.bps ?? 0);
}
