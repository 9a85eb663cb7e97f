import type { ConversationRecord } from "../evidence/conversation-record.js";

/** A conversation of the new version that something was wrong with. */
export interface AffectedConversation {
  readonly record: ConversationRecord;
  /** In words, worst first; never empty. */
  readonly why: readonly string[];
}

/** Slower than all but one in a hundred of the old version's conversations. */
const SLOW_SHARE = 0.99;

/**
 * Conversations that met the new version and that something was wrong with, worst first: violations, then failed
 * requests, then what people said, then slowness against the old version at the same time.
 */
export function affectedConversations(records: readonly ConversationRecord[]): AffectedConversation[] {
  const slow = slowestOrdinary(records);
  return records
    .filter(({ arm }) => arm === "canary")
    .map((record) => ({ record, faults: faultsOf(record, slow) }))
    .filter(({ faults }) => faults.length > 0)
    .sort(
      (a, b) =>
        worst(b.faults) - worst(a.faults) ||
        a.record.firstAt - b.record.firstAt ||
        (a.record.id < b.record.id ? -1 : 1),
    )
    .map(({ record, faults }) => ({ record, why: faults.map(({ words }) => words) }));
}

/** Time of the slowest request of a conversation, milliseconds; `null` without one that was answered. */
export function slowestMs({ requests }: ConversationRecord): number | null {
  return requests.reduce<number | null>(
    (most, { latencyMs }) => Math.max(most ?? latencyMs, latencyMs),
    null,
  );
}

interface Fault {
  readonly rank: number;
  readonly words: string;
}

function faultsOf(record: ConversationRecord, slow: number | null): Fault[] {
  const faults: Fault[] = record.violations.map(({ rule, severity, verified }) => ({
    rank: severity === "critical" && verified ? 6 : 5,
    words: `safety: ${rule} (${severity}${verified ? ", verified" : ""})`,
  }));
  const failed = record.requests.filter(({ ok }) => !ok).length;
  if (failed > 0) faults.push({ rank: 4, words: `${failed} of ${record.requests.length} requests failed` });
  if (record.resolved?.value === false) faults.push({ rank: 3, words: "not resolved" });
  if (record.thumb === false) faults.push({ rank: 3, words: "thumb down" });
  if (record.handedOff === true) faults.push({ rank: 2, words: "handed to a person" });
  const time = slowestMs(record);
  if (slow !== null && time !== null && time > slow) {
    faults.push({
      rank: 1,
      words: `slow: ${Math.round(time)} ms; 99 % of stable stayed below ${Math.round(slow)} ms`,
    });
  }
  return faults.sort((a, b) => b.rank - a.rank);
}

function worst(faults: readonly Fault[]): number {
  return faults[0]?.rank ?? 0;
}

/** `null` below 100 conversations of the old version: one in a hundred means nothing there. */
function slowestOrdinary(records: readonly ConversationRecord[]): number | null {
  const times = records
    .filter(({ arm }) => arm === "stable")
    .flatMap((record) => slowestMs(record) ?? [])
    .sort((a, b) => a - b);
  return times.length < 100 ? null : (times[Math.ceil(SLOW_SHARE * times.length) - 1] ?? null);
}
