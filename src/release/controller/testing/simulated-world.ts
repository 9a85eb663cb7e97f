import type { Clock } from "../../../core/clock.js";
import type { Arm } from "../../../core/traffic-split.js";
import type { StepDecision } from "../../decisions/step-decision.js";
import type { ReleaseEvidence, StepLog } from "../../evidence/release-evidence.js";
import type { ReleaseJournal, ReleaseRequest } from "../../journal/journal.js";
import { openReleaseJournal } from "../../journal/open-release-journal.js";
import { hasEnded, stateText } from "../../machine/state.js";
import type { ReleasePlan } from "../../plan/release-plan.js";
import { sampleConversation, sampleEvidence, samplePlan } from "../../testing/sample-release.js";
import { openController } from "../controller.js";
import type { ControllerPorts, ReleaseController } from "../ports.js";
import { MemoryRouter } from "./memory-router.js";

const START = Date.parse("2026-11-22T00:00:00.000Z");
const DECISION: StepDecision = {
  verdict: "pass",
  reason: "every rule passes",
  abort: null,
  mismatch: null,
  control: null,
  capacity: null,
  rules: [],
  conversations: { canary: 100, stable: 1900 },
  unassigned: 0,
  notes: [],
};
const LEASE_TTL_MS = 30_000;
export const RELEASE = "rel-1";

/** A clock that goes on when it is told to. */
class SimulatedClock implements Clock {
  #wall = START;
  #monotonic = 0;

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  pass(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}

/** Router, arms, figures, people and journal around a release: all that outlives a controller. */
export class SimulatedWorld {
  readonly clock = new SimulatedClock();
  readonly router = new MemoryRouter();
  readonly journal: ReleaseJournal;
  /** What probes of an arm find wrong. */
  readonly faults: Partial<Record<Arm | "landing", string>> = {};
  readonly sent: { readonly key: string; readonly text: string; readonly urgency: string }[] = [];
  readonly after: string[] = [];
  /** What the figures say. */
  decision: StepDecision = DECISION;
  evidence: Partial<ReleaseEvidence> = {};
  /** Conversations that the new version gets in every step. */
  conversations = 100;
  looks = 0;

  constructor(plan: Partial<ReleasePlan> = {}, file = ":memory:") {
    this.journal = openReleaseJournal(file);
    this.journal.create({ id: RELEASE, plan: samplePlan(plan), author: "ana", at: this.clock.now() });
  }

  decide(patch: Partial<StepDecision>): void {
    this.decision = { ...DECISION, ...patch };
  }

  get ports(): ControllerPorts {
    return {
      clock: this.clock,
      journal: this.journal,
      router: this.router,
      prober: {
        arm: async (arm) => this.#probe(arm),
        landing: async () => this.#probe("landing"),
      },
      evidence: {
        read: async (_release, steps) => {
          this.looks += 1;
          return this.#seen(steps.at(-1));
        },
      },
      decide: () => this.decision,
      notifier: {
        notify: async ({ key, text, urgency }) => {
          this.sent.push({ key, text, urgency });
        },
      },
      aftermath: {
        promoted: async () => void this.after.push("promoted"),
        rolledBack: async () => void this.after.push("rolled back"),
      },
    };
  }

  /** A controller of this world; another holder is another process. */
  controller(holder = "one", ports: ControllerPorts = this.ports): ReleaseController {
    return openController(RELEASE, ports, { holder, leaseTtlMs: LEASE_TTL_MS });
  }

  get state(): string {
    const release = this.journal.get(RELEASE);
    return release === null ? "none" : stateText(release.state);
  }

  get hasEnded(): boolean {
    const release = this.journal.get(RELEASE);
    return release !== null && hasEnded(release.state);
  }

  /** Transitions so far, as `BAKING(0)`. */
  get course(): string[] {
    return this.journal
      .rows(RELEASE)
      .filter(({ kind }) => kind === "transition")
      .map(({ to }) => stateText(to))
      .filter((state, index, all) => state !== all[index - 1]);
  }

  ask(event: ReleaseRequest["event"]): void {
    this.journal.request(RELEASE, this.clock.now(), event);
  }

  /** Ticks until a state is reached, or the release ends, or too much time has passed. */
  async run(controller: ReleaseController, until = "", mostTicks = 500): Promise<string> {
    for (let tick = 0; tick < mostTicks && !this.hasEnded; tick += 1) {
      if (until !== "" && this.state.startsWith(until)) return this.state;
      const { nextInMs } = await controller.tick();
      if (Number.isFinite(nextInMs)) this.clock.pass(nextInMs);
    }
    return this.state;
  }

  /** A process that was killed keeps its lease until that runs out. */
  letLeaseExpire(): void {
    this.clock.pass(LEASE_TTL_MS + 1);
  }

  /** What a reader of evidence would see before any traffic. */
  get seen(): ReleaseEvidence {
    return this.#seen(undefined);
  }

  #probe(what: Arm | "landing") {
    const reason = this.faults[what];
    return reason === undefined ? { ok: true as const } : { ok: false as const, reason };
  }

  #seen(log: StepLog | undefined): ReleaseEvidence {
    const { startedAt = START, bps = 0 } = log ?? {};
    const conversation = (index: number) =>
      sampleConversation({ id: `c-${index}`, firstAt: startedAt + 1, bps, requests: [] });
    const conversations = Array.from({ length: this.conversations }, (_, index) => conversation(index));
    return sampleEvidence({ conversations, ...this.evidence });
  }
}
