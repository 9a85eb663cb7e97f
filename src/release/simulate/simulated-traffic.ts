import type { EvidenceReader } from "../controller/ports.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { NOTHING_ELSE, type ReleaseEvidence } from "../evidence/release-evidence.js";
import type { ArrivalStream } from "./arrivals.js";
import type { MemoryRouter } from "./memory-router.js";
import { SimulatedConversation } from "./simulated-conversation.js";

/** Makes the conversations of a simulated rollout and lets its controller read them. Each is over as it begins. */
export class SimulatedTraffic implements EvidenceReader {
  readonly #stream: ArrivalStream;
  readonly #router: MemoryRouter;
  readonly #conversations: ConversationRecord[] = [];
  #next = 0;
  #exposed = 0;
  #lost = 0;

  constructor(stream: ArrivalStream, router: MemoryRouter) {
    this.#stream = stream;
    this.#router = router;
  }

  /** Conversations that met the canary. */
  get exposed(): number {
    return this.#exposed;
  }

  /** Of these, the ones that failed and would not have failed on stable. */
  get lost(): number {
    return this.#lost;
  }

  /** Lets conversations begin up to a time, by the split that is in force. */
  advanceTo(time: number): void {
    const { bps } = this.#router;
    const end = this.#stream.firstAfter(time, this.#next);
    for (; this.#next < end; this.#next++) this.#begin(this.#next, bps);
  }

  read(): Promise<ReleaseEvidence> {
    return Promise.resolve({
      conversations: this.#conversations,
      // Of a rollout that never was nobody asks for them again, and it would cost more than all the rest.
      conversationsHash: () => `simulated ${this.#next}`,
      ...NOTHING_ELSE,
    });
  }

  #begin(index: number, bps: number): void {
    const stream = this.#stream;
    const arm = stream.armAt(index, bps);
    const isSuccess = stream.isSuccess(index, arm);
    if (arm === "canary") {
      this.#exposed += 1;
      if (!isSuccess && stream.isSuccess(index, "stable")) this.#lost += 1;
    }
    this.#conversations.push(new SimulatedConversation(stream, index, arm, bps));
  }
}
