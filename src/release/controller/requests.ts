import { contentHash, type Json } from "../../core/hash.js";
import type { ReleaseRequest } from "../journal/journal.js";
import { mayAct } from "../machine/may-act.js";
import type { ReleaseEvent } from "../machine/release-event.js";
import { hasEnded, stateText } from "../machine/state.js";
import type { Turn } from "./turn.js";

/**
 * Takes what people asked for, aborts first. Everything is recorded with who and why, refused requests too; one that was
 * done before a crash is not done again.
 */
export function takeRequests(turn: Turn): void {
  const { journal } = turn.ports;
  const { desk } = turn;
  for (const request of journal.requests(desk.release.id)) {
    if (request.event.type === "superseded" && isOnItsWay(turn, request)) continue;
    take(turn, request);
    journal.answered(request.id, desk.epoch);
  }
}

/** A release with traffic is superseded when it has none: it goes to 0 first, and the request waits for that. */
function isOnItsWay(turn: Turn, { event }: ReleaseRequest): boolean {
  const { desk } = turn;
  if (desk.state.name === "ABORTING") return true;
  if (hasEnded(desk.state) || desk.refusalOf(event) === null) return false;
  const way: ReleaseEvent = {
    type: "abort-requested",
    actor: event.actor,
    reason: `superseded: ${event.reason}`,
  };
  if (forbidden(turn, event) !== null || desk.refusalOf(way) !== null) return false;
  desk.apply(way);
  return true;
}

function take(turn: Turn, { id, at, event }: ReleaseRequest): void {
  const { desk } = turn;
  const evidence = { request: id, at, event: { ...event } } satisfies Json;
  const evidenceHash = contentHash(evidence);
  if (desk.rows.some((row) => row.evidenceHash === evidenceHash)) return;
  const refused = forbidden(turn, event) ?? desk.refusalOf(event);
  const isRepeat =
    event.type === "abort-requested" && (hasEnded(desk.state) || desk.state.name === "ABORTING");
  if (refused === null && !isRepeat) {
    desk.apply(event, { evidence: [evidence], evidenceHash });
    return;
  }
  const outcome = refused ?? `nothing to do in ${stateText(desk.state)}`;
  desk.write(
    [
      {
        kind: "note",
        event: refused === null ? "already-done" : "refused",
        reason: `${event.type} (${event.reason}): ${outcome}`,
        actor: event.actor,
        evidenceHash,
      },
    ],
    [evidence],
  );
}

function forbidden({ desk }: Turn, event: ReleaseRequest["event"]): string | null {
  return mayAct(event.type, event.actor, desk.release).forbidden;
}
