import { canonicalJson } from "../../core/hash.js";
import { OF_ONE_STATE, type ReleaseRequest } from "./journal.js";

interface KeptRequest {
  readonly request: ReleaseRequest;
  readonly event: string;
  readonly state: string;
}

/** What people asked for and no controller has answered yet, in this process. */
export class MemoryRequests {
  readonly #open = new Map<number, KeptRequest>();
  /** Of each request; one that was answered is still known. */
  readonly #releases = new Map<number, string>();
  #last = 0;

  leave(releaseId: string, at: string, event: ReleaseRequest["event"], state: string): void {
    const text = canonicalJson(event);
    // One that is there already takes a number too, as in SQLite.
    this.#last += 1;
    for (const one of this.#open.values()) {
      if (one.request.releaseId === releaseId && one.event === text && one.state === state) return;
    }
    const id = this.#last;
    this.#releases.set(id, releaseId);
    const copy = JSON.parse(text) as ReleaseRequest["event"];
    this.#open.set(id, { request: { id, releaseId, at, event: copy }, event: text, state });
  }

  list(releaseId: string): ReleaseRequest[] {
    if (this.#open.size === 0) return [];
    const mine = [...this.#open.values()].map(({ request }) => request);
    const isAbort = ({ event }: ReleaseRequest) => event.type === "abort-requested";
    return mine
      .filter((request) => request.releaseId === releaseId)
      .sort((a, b) => Number(isAbort(b)) - Number(isAbort(a)) || a.id - b.id);
  }

  /** Takes off the list what was meant for a state that is over. */
  leaveState(releaseId: string, state: string): void {
    for (const [id, one] of this.#open) {
      const { event, releaseId: of } = one.request;
      if (of === releaseId && one.state !== state && OF_ONE_STATE.includes(event.type)) this.#open.delete(id);
    }
  }

  releaseOf(requestId: number): string | null {
    return this.#releases.get(requestId) ?? null;
  }

  answer(requestId: number): void {
    this.#open.delete(requestId);
  }
}
