import { RouterError } from "../../src/core/errors.js";
import type { JournalRow, ReleaseJournal, ReleaseRecord } from "../../src/release/journal/journal.js";
import { hasEnded, stateText } from "../../src/release/machine/state.js";
import type { Split, TrafficRouter } from "../../src/release/routers/router.js";
import { RELEASE } from "./plan.js";

const SPLIT_EVENTS = ["set-split", "router-promote"];

/** Journal and router as somebody sees them who is neither controller nor gateway. */
export class Observer {
  /** What was found that must never be. */
  readonly broken: string[] = [];
  split: Split | null = null;
  readonly #bakedMs = new Map<string, number>();
  readonly #judged = new Set<string>();
  #known: Split | null = null;
  #mayChange = false;

  constructor(
    private readonly journal: ReleaseJournal,
    private readonly router: TrafficRouter,
  ) {}

  get release(): ReleaseRecord {
    return this.journal.get(RELEASE) as ReleaseRecord;
  }

  get state(): string {
    return stateText(this.release.state);
  }

  get hasEnded(): boolean {
    return hasEnded(this.release.state);
  }

  get rows(): readonly JournalRow[] {
    return this.journal.rows(RELEASE);
  }

  /** Whether the router was told that the canary's address is the stable one. */
  get isHandedOver(): boolean {
    return this.rows.some(({ event }) => event === "router-promote");
  }

  /** Somebody edits the router by hand now: this change needs no intent. */
  edited(): void {
    this.#mayChange = true;
  }

  /** Simulated time passes. */
  pass(ms: number): void {
    const { state } = this;
    if (state.startsWith("BAKING")) this.#bakedMs.set(state, (this.#bakedMs.get(state) ?? 0) + ms);
  }

  /** Reads split and journal, and compares them. */
  async look(): Promise<void> {
    this.split = await this.router.get().catch((error: unknown) => {
      if (error instanceof RouterError) return null;
      throw error;
    });
    this.#compareSplit();
    this.#compareBake();
  }

  /** A split that changed was announced, or fell to 0 by its lease. */
  #compareSplit(): void {
    const { split } = this;
    if (split === null) return;
    const before = this.#known;
    this.#known = split;
    if (before === null || before.bps === split.bps) return;
    if (this.#mayChange || split.bps === 0) {
      this.#mayChange = false;
      return;
    }
    const intent = this.rows.findLast(({ kind, event }) => kind === "intent" && SPLIT_EVENTS.includes(event));
    if (intent?.targetBps !== split.bps)
      this.broken.push(
        `the split went from ${before.bps} to ${split.bps}, the last intent is ${intent?.targetBps}`,
      );
  }

  /** No step is over before its bake was. */
  #compareBake(): void {
    const { plan } = this.release;
    for (const { event, from } of this.rows) {
      if (event !== "bake-completed" || !("step" in from) || this.#judged.has(stateText(from))) continue;
      this.#judged.add(stateText(from));
      const baked = this.#bakedMs.get(stateText(from)) ?? 0;
      const wanted = plan.steps[from.step]?.bakeMs ?? 0;
      if (baked < wanted) this.broken.push(`${stateText(from)} was over after ${baked} of ${wanted} ms`);
    }
  }
}

/** What must hold of the journal of a release, whatever happened. */
export function brokenInJournal(rows: readonly JournalRow[]): readonly string[] {
  const broken: string[] = [];
  const steps: number[] = [];
  let intent: JournalRow | null = null;
  for (const [index, row] of rows.entries()) {
    if (row.seq !== index + 1) broken.push(`row ${index + 1} has the number ${row.seq}`);
    const before = rows[index - 1];
    if (before !== undefined && row.epoch < before.epoch)
      broken.push(`row ${row.seq} is of epoch ${row.epoch}, after one of ${before.epoch}`);
    if (SPLIT_EVENTS.includes(row.event)) {
      if (row.kind === "intent") intent = row;
      if (row.kind === "readback" && intent?.targetBps !== row.targetBps && !isFound(row))
        broken.push(`row ${row.seq} reads ${row.targetBps} back, the intent before is ${intent?.targetBps}`);
    }
    if (row.event === "split-verified" && "step" in row.to) steps.push(row.to.step);
    if (row.event === "shift-applied" && "step" in row.to && row.to.step > 0) {
      const isJudged = rows.slice(0, index).some(({ kind, event, from }) => {
        return kind === "transition" && event === "evaluated" && "step" in from && from.step === steps.at(-1);
      });
      if (!isJudged || row.to.step > (steps.at(-1) ?? 0) + 1)
        broken.push(`row ${row.seq} goes to step ${row.to.step} before step ${row.to.step - 1} was judged`);
    }
  }
  const isPromoted = rows.some(({ event }) => event === "promotion-confirmed");
  if (isPromoted && !(steps.includes(0) && steps.includes(1))) broken.push("it was promoted past a step");
  return broken;
}

/** A promotion of a split that is there already has no intent of its own. */
function isFound({ to }: JournalRow): boolean {
  return to.name === "PROMOTING";
}

/** The last split that was read back and confirmed; 0 before the first. */
export function confirmedSplit(rows: readonly JournalRow[]): number {
  return (
    rows.findLast(({ kind, event }) => kind === "readback" && SPLIT_EVENTS.includes(event))?.targetBps ?? 0
  );
}
