import type { EvidenceReader } from "../controller/ports.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";
import { type Arrivals, armAt } from "./arrivals.js";
import type { MemoryRouter } from "./memory-router.js";

/** Of a rollout that never was nobody asks for the hash of the conversations, which costs more than all the rest. */
function unhashedList(): ConversationRecord[] {
  const list: ConversationRecord[] = [];
  Object.defineProperty(list, "toJSON", { value: () => list.length });
  return list;
}

/** Makes the conversations of a simulated rollout and lets its controller read them. Each is over as it begins. */
export class SimulatedTraffic implements EvidenceReader {
  readonly #arrivals: Arrivals;
  readonly #router: MemoryRouter;
  readonly #conversations = unhashedList();
  #exposed = 0;
  #lost = 0;

  constructor(arrivals: Arrivals, router: MemoryRouter) {
    this.#arrivals = arrivals;
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
    for (let next = this.#arrivals.until(time); next !== null; next = this.#arrivals.until(time)) {
      const arm = armAt(next, bps);
      const { isSuccess, ok, latencyMs, costUsd } = next[arm];
      if (arm === "canary") {
        this.#exposed += 1;
        if (!isSuccess && next.stable.isSuccess) this.#lost += 1;
      }
      this.#conversations.push({
        id: next.id,
        arm,
        cluster: next.id,
        stratum: next.stratum,
        bps,
        firstAt: next.at,
        requests: [{ at: next.at, ok, latencyMs, firstTokenMs: null, costUsd, finishReason: null }],
        resolved: { value: isSuccess, at: next.at },
        handedOff: false,
        thumb: null,
        violations: [],
        scores: {},
      });
    }
  }

  read(): Promise<ReleaseEvidence> {
    return Promise.resolve({
      conversations: this.#conversations,
      unassigned: 0,
      fallbacks: 0,
      arms: [],
      capacity: [],
      unreadable: [],
    });
  }
}
