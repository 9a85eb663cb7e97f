import { ALL_BPS } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { hasFailedRequest } from "../evidence/has-failed-request.js";

/** So many failed conversations of stable in a row are an outage: by chance rare, even where one in four fails. */
const IN_A_ROW = 8;

/**
 * Tells when stable fails everything, so that it is no control: compared with it, any version would be good. Whether a
 * conversation counts depends on those before it alone, so leaving it out keeps every error probability as it is.
 */
export class ControlOutage {
  /** Failed conversations of stable since its last good one. */
  failed = 0;

  get isOpen(): boolean {
    return this.failed >= IN_A_ROW;
  }

  /**
   * The next conversation, in the order in which they began.
   *
   * @returns whether it took place in an outage, as far as those before it tell
   */
  follow(record: ConversationRecord): boolean {
    const wasOpen = this.isOpen && record.bps < ALL_BPS;
    if (record.arm === "stable") this.failed = hasFailedRequest(record) ? this.failed + 1 : 0;
    return wasOpen;
  }
}
