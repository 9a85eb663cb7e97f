import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { importLive } from "../../eval/import/import-live.js";
import { loadProject } from "../../eval/project/load-project.js";
import { openProjectStore } from "../../eval/run/stored-run.js";

interface ReviewQueue {
  readonly incident: string;
  /** By {@link conversationKey}. */
  readonly conversations: ReadonlySet<string>;
  /** Folder of what the gateway kept. */
  readonly captures: string;
  /** Folder of the project. */
  readonly root: string;
  readonly clock: Clock;
}

/**
 * Makes a run of the affected conversations that the gateway kept, for people to review: tagged with the incident, once.
 *
 * @returns one sentence: where they wait, or why none does
 */
export async function queueForReview({
  incident,
  conversations,
  captures,
  root,
  clock,
}: ReviewQueue): Promise<string> {
  const tag = `incident:${incident}`;
  if (!existsSync(captures)) {
    return "no conversation waits for review: the gateway keeps none, see `capture` of gateway.yaml";
  }
  const store = openProjectStore(loadProject(undefined, root));
  try {
    if (store.getRun(tag) !== null) return `conversations wait for review already: agentctl review ${tag}`;
  } finally {
    store.close();
  }
  try {
    const { totals } = await importLive(
      captures,
      { conversations, tag: [tag] },
      { workingDirectory: root, clock },
    );
    return `${totals.planned} of ${conversations.size} affected conversations wait for review: agentctl review ${tag} --judge RUBRIC`;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return "no conversation waits for review: none of the affected ones is in the sample that the gateway keeps";
  }
}
