import { join } from "node:path";
import type { Clock } from "../../core/clock.js";
import { conversationKey } from "../../core/conversation-key.js";
import type { Store } from "../../store/store.js";
import { stepLogs } from "../controller/history.js";
import type { EvidenceReader, ReleaseAftermath } from "../controller/ports.js";
import type { StepDecision } from "../decisions/step-decision.js";
import { affectedConversations } from "../incident/affected-conversations.js";
import { writeIncident } from "../incident/incident-file.js";
import { makeIncident } from "../incident/make-incident.js";
import type { JournalRow, ReleaseJournal, ReleaseRecord } from "../journal/journal.js";

/** Folder of the incidents, beside release.yaml. */
const INCIDENTS = "incidents";

interface AftermathParts {
  readonly journal: Pick<ReleaseJournal, "rows" | "evidence">;
  readonly evidence: EvidenceReader;
  /** Folder of release.yaml. */
  readonly root: string;
  /** Opens the run history, which is closed after use; `null`: the release has no project beside it. */
  readonly openStore: (() => Promise<Store>) | null;
  /** Tag that the gates compare with; `null`: their baseline is a file, or there is none. */
  readonly baselineTag: string | null;
  /** Folder of the conversations that the gateway kept. */
  readonly captures: string;
  readonly clock: Clock;
  /** Tells people, one sentence. */
  readonly note: (text: string) => void;
}

/**
 * After a promotion the baseline tag moves to the run of the new version; after a rollback an incident is opened. What
 * belongs to evaluations is imported when it is wanted: no rollback waits for that.
 */
export function projectAftermath(parts: AftermathParts): ReleaseAftermath {
  return {
    promoted: async (release) => parts.note(await moveBaseline(release, parts)),
    rolledBack: async (release) => {
      const facts = await rollbackFacts(release, parts);
      const incident = makeIncident(facts);
      const { file, isNew } = writeIncident(join(parts.root, INCIDENTS), incident);
      if (isNew) parts.note(`wrote ${file}; \`agentctl incident show\` shows it`);
      const conversations = new Set(
        affectedConversations(facts.conversations).map(({ record }) =>
          conversationKey(record.stratum, record.id),
        ),
      );
      if (parts.openStore === null || conversations.size === 0) return;
      const { captures, root, clock } = parts;
      const { queueForReview } = await import("./queue-for-review.js");
      parts.note(await queueForReview({ incident: incident.id, conversations, captures, root, clock }));
    },
  };
}

async function moveBaseline(
  { plan }: ReleaseRecord,
  { openStore, baselineTag }: AftermathParts,
): Promise<string> {
  if (openStore === null || baselineTag === null || plan.canary.runId === null) {
    return "no baseline tag moved: the release knows no run history with a tag";
  }
  const { moveTag } = await import("../../eval/baseline/update-baseline.js");
  const store = await openStore();
  try {
    const run = store.getRun(plan.canary.runId);
    if (run === null)
      return `the baseline ${baselineTag} did not move: run ${plan.canary.runId} is not in the history`;
    const earlier = moveTag(store, run, baselineTag);
    const from = earlier.length === 0 ? "" : ` from ${earlier.join(", ")}`;
    return `the baseline ${baselineTag} moved${from} to run ${run.id}`;
  } finally {
    store.close();
  }
}

async function rollbackFacts(release: ReleaseRecord, { journal, evidence }: AftermathParts) {
  const rows = journal.rows(release.id);
  const seen = await evidence.read(release, stepLogs(rows, release.plan));
  return { release, rows, decision: lastDecision(rows, journal), conversations: seen.conversations };
}

/** What the figures said last; `null` when nobody asked them. */
function lastDecision(
  rows: readonly JournalRow[],
  journal: Pick<ReleaseJournal, "evidence">,
): StepDecision | null {
  const row = rows.findLast(({ kind, evidenceHash }) => kind === "evaluation" && evidenceHash !== null);
  const kept = row?.evidenceHash == null ? null : journal.evidence(row.evidenceHash);
  if (kept === null || typeof kept !== "object" || !("decision" in kept)) return null;
  return kept.decision as unknown as StepDecision;
}
