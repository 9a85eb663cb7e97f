import { ReleaseError, RouterError } from "../../core/errors.js";
import { hasEnded } from "../machine/state.js";
import { abort, waitForStable } from "./abort.js";
import { doAftermath, hasAftermath } from "./aftermath.js";
import { bake } from "./bake.js";
import { evaluate } from "./evaluate.js";
import { LeaseKeeper } from "./lease-keeper.js";
import { Notices } from "./notices.js";
import { awaitApproval, stayPaused } from "./pause.js";
import type { ControllerPorts, ReleaseController } from "./ports.js";
import { freeze, preflight } from "./preflight.js";
import { promote } from "./promote.js";
import { recover } from "./recover.js";
import { ReleaseDesk } from "./release-desk.js";
import { takeRequests } from "./requests.js";
import { shift } from "./shift.js";
import { StateTime } from "./state-time.js";
import type { EpochMemory, Outcome, Turn } from "./turn.js";
import { verify } from "./verify.js";
import { watch } from "./watch.js";

/** What a release that ended waits for: nothing. */
const NEVER = Number.POSITIVE_INFINITY;
const AFTERMATH_WAIT_MS = 1000;

/**
 * A controller of one release. It takes the lease of the service at its first tick.
 *
 * @param holder - unique name of this process
 * @param leaseTtlMs - how long the lease lasts without a tick; ticks come at least three times as often
 */
export function openController(
  releaseId: string,
  ports: ControllerPorts,
  options: { readonly holder: string; readonly leaseTtlMs: number },
): ReleaseController {
  return new Controller(releaseId, ports, options);
}

class Controller implements ReleaseController {
  readonly releaseId: string;
  readonly #ports: ControllerPorts;
  readonly #options: { readonly holder: string; readonly leaseTtlMs: number };
  readonly #notices: Notices;
  readonly #memory: EpochMemory;
  #lease: LeaseKeeper | null = null;
  #desk: ReleaseDesk | null = null;

  constructor(
    releaseId: string,
    ports: ControllerPorts,
    options: { readonly holder: string; readonly leaseTtlMs: number },
  ) {
    this.releaseId = releaseId;
    this.#ports = ports;
    this.#options = options;
    this.#notices = new Notices(ports.notifier);
    this.#memory = {
      isFirst: true,
      time: new StateTime(ports.clock),
      evaluatedAt: null,
      evaluatedBakedMs: null,
      zero: null,
      passedProbes: 0,
      attempts: 0,
    };
  }

  async tick(signal?: AbortSignal) {
    try {
      return await this.#tick(signal);
    } catch (error) {
      if (error instanceof ReleaseError && error.code === "RELEASE_FENCED") this.#lease?.lose();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#desk !== null) await this.#notices.settle(this.#desk);
    this.#lease?.giveBack();
  }

  async #tick(signal: AbortSignal | undefined) {
    const desk = this.#hold();
    const memory = this.#memory;
    const mostMs = Math.max(1, Math.floor(this.#options.leaseTtlMs / 3));
    const turn: Turn = { ports: this.#ports, desk, memory, mostMs, signal };
    await renewRouter(turn, this.#options.leaseTtlMs);
    const passedMs = memory.time.tick();
    memory.time.elapsedMs(desk.release);
    const before = desk.state;
    takeRequests(turn);
    const isMoved = memory.isFirst && (await recover(turn));
    const outcome = isMoved ? { nextInMs: 0, decision: null } : await act(turn, passedMs);
    if (hasAftermath(turn)) await doAftermath(turn);
    this.#forget(before);
    this.#notices.send(desk);
    const nextInMs = nextOf(turn, outcome);
    memory.time.wait(nextInMs === NEVER ? 0 : nextInMs);
    return { release: desk.release, nextInMs, decision: outcome.decision };
  }

  /** Takes or keeps the lease, and reads what others wrote. */
  #hold(): ReleaseDesk {
    const { journal, clock } = this.#ports;
    if (this.#lease === null) {
      const release = journal.get(this.releaseId);
      if (release === null) {
        throw new ReleaseError(
          "RELEASE_UNKNOWN",
          `expected a release ${this.releaseId} in the journal, found none`,
        );
      }
      this.#lease = new LeaseKeeper(this.#ports, release.plan.service, this.#options);
    }
    const epoch = this.#lease.hold();
    this.#desk ??= new ReleaseDesk(journal, clock, this.releaseId, epoch);
    this.#desk.refresh();
    return this.#desk;
  }

  /** What was remembered of a state that is over. */
  #forget(before: ReleaseDesk["state"]): void {
    const memory = this.#memory;
    const now = this.#desk?.state ?? before;
    memory.isFirst = false;
    if (now.name !== before.name) memory.attempts = 0;
    if (now.name !== "ABORTING") memory.zero = null;
    if (!("step" in now && "step" in before && now.step === before.step)) {
      memory.evaluatedAt = null;
      memory.evaluatedBakedMs = null;
    }
  }
}

/**
 * A router without a living controller goes to 0 by itself. One that cannot be told now shows that when it is read. A split of
 * another release is not kept up: its own controller does that, or nobody lives who would take it back.
 */
async function renewRouter({ ports, desk, signal }: Turn, ttlMs: number): Promise<void> {
  const { router } = ports;
  if (router.renewLease === undefined) return;
  const { state, plan } = desk.release;
  try {
    if (state.name === "PAUSED" && state.reason === "drift") {
      const { salt } = await router.get(signal);
      if (salt !== null && salt !== plan.salt) return;
    }
    await router.renewLease(ttlMs, signal);
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
  }
}

async function act(turn: Turn, passedMs: number): Promise<Outcome> {
  const { state } = turn.desk;
  switch (state.name) {
    case "PLANNED":
      return freeze(turn);
    case "PREFLIGHT":
      return preflight(turn);
    case "AWAITING_APPROVAL":
      return awaitApproval(turn);
    case "SHIFTING":
      return shift(turn, state.step);
    case "VERIFYING":
      return verify(turn, state.step);
    case "BAKING":
      return bake(turn, state.step, passedMs);
    case "EVALUATING":
      return evaluate(turn, state.step);
    case "PAUSED":
      return stayPaused(turn, state.step, state.reason);
    case "PROMOTING":
      return promote(turn);
    case "WATCHING":
      return watch(turn, passedMs);
    case "ABORTING":
      return abort(turn);
    case "ROLLBACK_HELD":
      return waitForStable(turn);
    default:
      return { nextInMs: NEVER, decision: null };
  }
}

function nextOf(turn: Turn, { nextInMs }: Outcome): number {
  if (hasAftermath(turn)) return AFTERMATH_WAIT_MS;
  if (hasEnded(turn.desk.state)) return NEVER;
  return Math.min(turn.mostMs, nextInMs);
}
