import { setMaxListeners } from "node:events";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Clock } from "../../core/clock.js";
import { ProviderError } from "../../core/errors.js";
import type { Subject, VerdictEntry } from "../../core/judgement.js";
import type { PlannedTrial } from "../../core/run.js";
import { type FinalVerdict, finalVerdicts } from "../../judge/final-verdicts.js";
import { BudgetSpent } from "../../judge/run/call-budget.js";
import { judgeParts, subjectHashOf } from "../../judge/run/judge-parts.js";
import { verdictRulesOf } from "../../judge/run/score-of-verdict.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import type { JudgementStore, VerdictKey } from "../../store/judgement-store.js";
import { schedule } from "../trials/schedule.js";
import type { ItemSource } from "./run-items.js";
import { firstVoteOf } from "./run-round.js";
import { ordersOf, type Voter } from "./run-voters.js";

/** How far an item came. */
export type ItemOutcome =
  | {
      readonly kind: "judged";
      readonly verdict: FinalVerdict;
      /** Models whose answers were judged, as `provider/name`; `null` where unknown. */
      readonly models: readonly (string | null)[];
    }
  | { readonly kind: "not-judged"; readonly reason: string }
  | { readonly kind: "failed" }
  | { readonly kind: "left" };

/** What judging came to, by place in the plan. */
export interface JudgedItems {
  readonly outcomes: ReadonlyMap<PlannedTrial, ItemOutcome>;
  readonly storedVotes: number;
  readonly newVotes: number;
  /** Votes that are missing because the judge could not be asked. */
  readonly failures: number;
}

export interface JudgingServices {
  readonly judgements: JudgementStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly maxConcurrency: number;
  /** Items that were judged before this moment are judged again; `null`: what is stored counts. */
  readonly againBefore: number | null;
  /** Told about once a second. */
  readonly onProgress: (itemsDone: number) => void;
}

/** A judge that fails this often before it ever answers is given up. */
const MOST_FAILURES = 20;
const PROGRESS_INTERVAL_MS = 1000;

/**
 * Judges items, several at once. A vote that is stored is not asked for again, and each new one is stored before the next
 * is asked for: what was stopped goes on where it was. A vote that could not be asked for is left out, and asked for next
 * time.
 *
 * @throws {ProviderError} when the judge answered no call or refuses the key; at an abort, the signal's reason
 */
export async function judgeItems(
  config: JudgeConfig,
  voter: Voter,
  items: ItemSource,
  services: JudgingServices,
): Promise<JudgedItems> {
  const { clock, signal, maxConcurrency, onProgress } = services;
  const judging = new Judging(config, voter, services);
  const outcomes = new Map<PlannedTrial, ItemOutcome>();
  let toldAtMs = clock.monotonic();
  // Every call in flight listens: Node would take more than ten listeners for a leak.
  setMaxListeners(0, signal);
  await schedule(
    items.plan,
    async (planned) => {
      outcomes.set(planned, await judging.outcomeOf(items.subjectOf(planned)));
      // Stored votes are found without waiting, and the event loop must turn all the same.
      await new Promise((resolve) => setImmediate(resolve));
      if (clock.monotonic() - toldAtMs < PROGRESS_INTERVAL_MS) return;
      toldAtMs = clock.monotonic();
      onProgress(outcomes.size);
    },
    { maxConcurrency, signal, shouldStop: () => judging.isHopeless() },
  );
  signal.throwIfAborted();
  judging.throwIfUnanswered();
  const { storedVotes, newVotes, failures } = judging;
  return { outcomes, storedVotes, newVotes, failures };
}

class Judging {
  storedVotes = 0;
  newVotes = 0;
  failures = 0;
  private isBudgetSpent = false;
  private firstFailure: ProviderError | null = null;
  private readonly version: string;
  private readonly asked = new Map<string, Promise<VerdictEntry | null>>();

  constructor(
    private readonly config: JudgeConfig,
    private readonly voter: Voter,
    private readonly services: Pick<JudgingServices, "judgements" | "clock" | "againBefore">,
  ) {
    this.version = versionOfJudge(config);
  }

  isHopeless(): boolean {
    return this.newVotes === 0 && this.failures >= MOST_FAILURES;
  }

  throwIfUnanswered(): void {
    if (this.firstFailure !== null && this.newVotes + this.storedVotes === 0) throw this.firstFailure;
  }

  async outcomeOf(subject: Subject | { readonly reason: string }): Promise<ItemOutcome> {
    if ("reason" in subject) return { kind: "not-judged", reason: subject.reason };
    const shown = judgeParts(this.config, subject, "first");
    if ("reason" in shown) return { kind: "not-judged", reason: shown.reason };
    const subjectHash = subjectHashOf(this.config, subject);
    const votes: VerdictEntry[] = [];
    let hasFailed = false;
    for (const order of ordersOf(this.config)) {
      const place = { judgeVersion: this.version, item: subject.item, subjectHash, order };
      const first = this.firstVote(place);
      for (let vote = 0; vote < this.voter.votes; vote += 1) {
        try {
          const entry = await this.vote(subject, { ...place, vote: first + vote });
          if (entry !== null) votes.push(entry);
        } catch (error) {
          this.noteFailure(error);
          hasFailed = true;
        }
      }
    }
    if (hasFailed) return { kind: "failed" };
    const isWhole = votes.length === ordersOf(this.config).length * this.voter.votes;
    const [verdict] = finalVerdicts(votes, verdictRulesOf(this.config));
    const models = [subject.model, subject.otherModel];
    return isWhole && verdict !== undefined ? { kind: "judged", verdict, models } : { kind: "left" };
  }

  private firstVote(place: Omit<VerdictKey, "vote">): number {
    const { judgements, againBefore } = this.services;
    return firstVoteOf((vote) => judgements.verdict({ ...place, vote }), this.voter.votes, againBefore);
  }

  /** @returns `null` when the budget is spent */
  private async vote(subject: Subject, place: VerdictKey): Promise<VerdictEntry | null> {
    const stored = this.services.judgements.verdict(place);
    if (stored !== null) {
      this.storedVotes += 1;
      return stored;
    }
    // Trials that said the same are one item: they wait for one call.
    const name = JSON.stringify(place);
    const asked = this.asked.get(name) ?? this.ask(subject, place);
    this.asked.set(name, asked);
    try {
      return await asked;
    } finally {
      this.asked.delete(name);
    }
  }

  private async ask(subject: Subject, place: VerdictKey): Promise<VerdictEntry | null> {
    const { judgements, clock } = this.services;
    const { order, vote } = place;
    const shown = judgeParts(this.config, subject, order);
    if (this.isBudgetSpent || "reason" in shown) return null;
    try {
      const given = await this.voter.give({ subject, parts: shown.parts, order, vote });
      const { name } = this.config;
      const at = new Date(clock.now()).toISOString();
      const entry: VerdictEntry = { judge: name, rubric: name, ...place, ...given, at };
      judgements.addItems([subject]);
      judgements.addVerdicts([entry]);
      this.newVotes += 1;
      return entry;
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      this.isBudgetSpent = true;
      return null;
    }
  }

  private noteFailure(error: unknown): void {
    const isFinal =
      !(error instanceof ProviderError) ||
      error.code === "PROVIDER_AUTH" ||
      error.code === "PROVIDER_ABORTED";
    if (isFinal) throw error;
    this.failures += 1;
    this.firstFailure ??= error;
  }
}
