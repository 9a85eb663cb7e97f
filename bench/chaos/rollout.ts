import { join } from "node:path";
import type { ReleaseJournal, ReleaseRequest } from "../../src/release/journal/journal.js";
import { openReleaseJournal } from "../../src/release/journal/open-release-journal.js";
import { type Child, Killed, type Refused } from "./child.js";
import type { Ticked } from "./controller-process.js";
import { strike } from "./faults.js";
import type { Lane } from "./lane.js";
import { Observer } from "./observer.js";
import { chaosPlan, RELEASE } from "./plan.js";
import { Relay } from "./relay.js";
import {
  gatewayUnderTest,
  haproxyUnderTest,
  type RouterPlace,
  type RouterUnderTest,
  releaseText,
  TOKEN,
} from "./router-under-test.js";
import type { Fault, FaultName, Scenario } from "./scenario.js";
import type { Moment } from "./simulated-time.js";
import { criticalEvent, Traffic } from "./traffic.js";

const START = Date.parse("2025-01-01T00:00:00.000Z");
export const LEASE_TTL_MS = 30_000;
const CONVERSATIONS = 25;
const MOST_TICKS = 600;
const WAIT_MS = 5000;
const MOST_RESUMES = 8;
/** Until whoever is paged has looked. */
const LOOKING_MS = 20_000;
const FAILING_BPS = 4000;

/** A rollout under way, and everything around it. */
export class Rollout {
  readonly observer: Observer;
  readonly kills: Partial<Record<FaultName, number>> = {};
  readonly pauses: Record<string, number> = {};
  /** Requests that were on their way when the canary was killed, and that nobody answered. */
  lostInFlight = 0;
  canaryKilledAt: number | null = null;
  /** Simulated time from the death of the canary to 0 in the router. */
  toZeroMs: number | null = null;
  /** What the split was changed to by hand. */
  editedTo: number | null = null;
  /** Ticks that a journal that cannot be written refused. */
  refusedByDisk = 0;
  controller: Child | null = null;
  ticks = 0;
  moment: Moment = { wall: START, mono: 0 };
  readonly #repairs: { readonly at: number; readonly repair: () => Promise<void> }[] = [];
  #holders = 0;
  #resumes = 0;
  /** When the present pause began, monotonic. */
  #pausedAt: number | null = null;
  #planted = false;
  #lateLease = { seen: "", since: 0 };

  private constructor(
    readonly scenario: Scenario,
    readonly lane: Lane,
    readonly place: RouterPlace,
    readonly router: RouterUnderTest,
    readonly relay: Relay,
    readonly journal: ReleaseJournal,
    readonly traffic: Traffic,
  ) {
    this.observer = new Observer(journal, router.observer);
  }

  static async open(scenario: Scenario, lane: Lane): Promise<Rollout> {
    const { data: port, stable, canary } = lane.ports;
    const folder = lane.folder();
    const place = { folder, port, endpoints: { stable, canary } };
    await (await lane.endpoint("stable")).ask("behave", { failingBps: 0 });
    const failingBps = scenario.quality.name === "errors" ? FAILING_BPS : 0;
    await (await lane.endpoint("canary")).ask("behave", { failingBps });
    const router =
      scenario.router === "gateway" ? gatewayUnderTest(place, lane.gateways) : haproxyUnderTest(place);
    await router.start({ wall: START, mono: 0 });
    const relay = await Relay.open(join(folder, "relay.sock"), router.socket);
    const journal = openReleaseJournal(join(folder, "releases.db"));
    const salt = `r${scenario.seed}`;
    journal.create({ id: RELEASE, plan: chaosPlan(place, salt), author: "ana", at: START });
    const traffic = new Traffic(`http://127.0.0.1:${port}`, join(folder, "live", "live.jsonl"), salt);
    traffic.write([]);
    return new Rollout(scenario, lane, place, router, relay, journal, traffic);
  }

  async close(): Promise<void> {
    if (this.controller?.isAlive === true) {
      await this.controller.ask("close");
      await this.lane.giveBack(this.controller);
    }
    await this.router.close().catch(() => {});
    await this.relay.close();
    await this.traffic.close();
    this.journal.close();
  }

  /** Goes on until the release has ended; whatever is still broken then is repaired. */
  async run(): Promise<void> {
    this.controller = await this.newController();
    const open = [...this.scenario.faults];
    while (this.ticks < MOST_TICKS) {
      this.ticks += 1;
      const due = open.findIndex((fault) => this.#isDue(fault));
      const [fault] = due === -1 ? [] : open.splice(due, 1);
      const nextInMs = fault === undefined ? await this.tick() : await strike(this, fault);
      await this.look();
      if (nextInMs === null && this.observer.hasEnded) break;
      this.#askPerson();
      if (nextInMs !== 0) await this.pass(2 * (nextInMs ?? WAIT_MS));
    }
    for (const { repair } of this.#repairs.splice(0)) await repair();
    await this.look();
    if (!this.observer.hasEnded) this.broken(`not over after ${this.ticks} ticks: ${this.observer.state}`);
  }

  /** @returns when to tick again, milliseconds; `null`: the release has ended */
  async tick(): Promise<number | null> {
    try {
      return await this.#tick();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      this.controller = null;
      return WAIT_MS;
    }
  }

  async #tick(): Promise<number | null> {
    if (this.controller === null) return WAIT_MS;
    try {
      return (await this.controller.ask<Ticked>("tick", this.moment)).nextInMs;
    } catch (error) {
      if (error instanceof Killed) throw error;
      return this.#refused(error as Refused);
    }
  }

  async #refused({ code, message }: Refused): Promise<number> {
    if (code === "RELEASE_FENCED") {
      // The lease of the one that died has not run out: as whoever starts it again, try later.
      this.#freeLateLease();
      await this.openIn(this.controller as Child);
      return WAIT_MS / 2;
    }
    if (code.startsWith("STORE")) this.refusedByDisk += 1;
    else this.broken(`a tick failed: ${code}: ${message}`);
    return 1000;
  }

  /**
   * As `canary start` does before its controller: a lease that ends later than any lasts, since a clock was moved, is
   * watched, and freed when nobody renews it.
   */
  #freeLateLease(): void {
    const { wall, mono } = this.moment;
    const lease = this.journal.lease(this.observer.release.plan.service);
    if (lease === null || lease.expiresAt - wall <= 2 * LEASE_TTL_MS) return;
    const seen = `${lease.epoch} ${lease.expiresAt}`;
    if (seen !== this.#lateLease.seen) this.#lateLease = { seen, since: mono };
    else if (mono - this.#lateLease.since >= LEASE_TTL_MS) this.journal.releaseLease(lease);
  }

  /** Time passes: clients go on, and what was broken for a while is whole again. */
  async pass(ms: number): Promise<void> {
    const { wall, mono } = this.moment;
    this.observer.pass(ms);
    this.moment = { wall: wall + ms, mono: mono + ms };
    await this.router.tell(this.moment).catch(() => {});
    const due = this.#repairs.filter(({ at }) => at <= this.moment.mono);
    for (const one of due) {
      this.#repairs.splice(this.#repairs.indexOf(one), 1);
      await one.repair();
    }
    await this.look();
    await this.converse();
  }

  /** One round of conversations, between two ticks. */
  async converse(): Promise<void> {
    const isPromoted = this.observer.isHandedOver && this.observer.split?.bps === 0;
    const { split } = this.observer;
    const answered = await this.traffic.send(CONVERSATIONS, split, this.moment, isPromoted);
    const { quality } = this.scenario;
    if (quality.name !== "critical" || this.#planted || this.observer.state !== quality.phase) return;
    const met = answered.find(({ by }) => by === "canary");
    if (met === undefined) return;
    this.#planted = true;
    this.traffic.write([criticalEvent(met.id, this.moment.wall)]);
  }

  /** The wall clock is set by somebody. */
  async jump(ms: number): Promise<void> {
    this.moment = { ...this.moment, wall: this.moment.wall + ms };
    await this.router.tell(this.moment).catch(() => {});
  }

  later(ms: number, repair: () => Promise<void>): void {
    this.#repairs.push({ at: this.moment.mono + ms, repair });
  }

  async newController(): Promise<Child> {
    const child = this.lane.controller();
    await this.openIn(child);
    return child;
  }

  async openIn(child: Child): Promise<void> {
    this.#holders += 1;
    await child.ask("open", {
      journal: join(this.place.folder, "releases.db"),
      releaseId: RELEASE,
      folder: this.place.folder,
      release: releaseText(this.place, this.router.config),
      router: this.router.config,
      token: TOKEN,
      holder: `process-${this.#holders}`,
      leaseTtlMs: LEASE_TTL_MS,
    });
  }

  async look(): Promise<void> {
    await this.observer.look();
    if (this.canaryKilledAt !== null && this.toZeroMs === null && this.observer.split?.bps === 0)
      this.toZeroMs = this.moment.mono - this.canaryKilledAt;
  }

  killed(name: FaultName): void {
    this.kills[name] = (this.kills[name] ?? 0) + 1;
  }

  broken(what: string): void {
    this.observer.broken.push(what);
  }

  ask(event: ReleaseRequest["event"]): void {
    this.journal.request(RELEASE, this.moment.wall, event);
  }

  /** An edit by hand needs a share to be changed; everything else may strike at any time. */
  #isDue({ atTick, name }: Fault): boolean {
    if (this.ticks < atTick) return false;
    return name !== "edit" || this.observer.state.startsWith("BAKING");
  }

  /** Whoever is paged sends a paused release on, good or bad, and gives up at last. */
  #askPerson(): void {
    const { state } = this.observer;
    if (!state.startsWith("PAUSED")) this.#pausedAt = null;
    else this.#pausedAt ??= this.moment.mono;
    if (this.#pausedAt === null || this.journal.requests(RELEASE).length > 0) return;
    if (this.moment.mono - this.#pausedAt < LOOKING_MS) return;
    this.#pausedAt = null;
    const cause = state.replace(/.*, |\)/g, "");
    this.pauses[cause] = (this.pauses[cause] ?? 0) + 1;
    this.#resumes += 1;
    const type = this.#resumes > MOST_RESUMES ? "abort-requested" : "resumed";
    this.ask({ type, actor: "ben", reason: "it was looked at" });
  }
}
