import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { Measure } from "./measures.js";

/**
 * Arms of which nobody told any outcome. That all of their conversations failed and that nobody reports look alike, so
 * such a measure cannot pass.
 *
 * @returns empty for measures that need nobody's word
 */
export function silentArms(
  measure: Pick<Measure, "isDelayed">,
  conversations: readonly Pick<ConversationRecord, "arm" | "resolved">[],
): readonly Arm[] {
  if (!measure.isDelayed) return [];
  return (["canary", "stable"] as const).filter(
    (wanted) => !conversations.some(({ arm, resolved }) => arm === wanted && resolved !== null),
  );
}
