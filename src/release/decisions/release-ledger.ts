import type { Decide } from "../controller/ports.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { ReleaseEvidence, StepLog } from "../evidence/release-evidence.js";
import { alphaOfRule } from "../plan/alpha-of-rule.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { OutcomeDelays } from "./outcome-delays.js";
import { ReleaseTotals } from "./release-totals.js";
import type { ReleaseView } from "./release-view.js";
import { RuleSums } from "./rule-sums.js";
import { type Unit, UnitList } from "./units.js";

type Moment = Parameters<Decide>[2];

/** What was counted of a release so far: newer conversations are added to it instead of counting all of them again. */
export class ReleaseLedger {
  /** Of each rule of the plan, in its order. */
  readonly rules: readonly RuleSums[];
  readonly #plan: ReleasePlan;
  readonly #list: UnitList;
  readonly #totals = new ReleaseTotals();
  readonly #delays = new OutcomeDelays();
  #steps: readonly StepLog[] = [];
  #conversations = 0;
  #newest: ConversationRecord | undefined;
  #units = 0;
  /** Whether some units may grow. */
  #hasShared = false;
  #now = Number.NEGATIVE_INFINITY;

  constructor(plan: ReleasePlan) {
    this.#plan = plan;
    this.#list = new UnitList(plan.unit);
    this.rules = plan.rules.map((rule) => new RuleSums(rule));
  }

  /** Whether evidence adds to what is counted. Units of several conversations may grow: they are counted anew. */
  goesOn({ conversations }: ReleaseEvidence, moment: Moment): boolean {
    const steps = inOrder(moment.steps);
    const newestAt = this.#newest?.firstAt ?? Number.NEGATIVE_INFINITY;
    return (
      this.#plan.unit === "conversation" &&
      !this.#hasShared &&
      moment.now >= this.#now &&
      conversations[this.#conversations - 1] === this.#newest &&
      !this.#waitsLonger(conversations) &&
      this.#steps.every(({ startedAt, bps }, index) => {
        const same = steps[index];
        return same?.startedAt === startedAt && same.bps === bps;
      }) &&
      steps.slice(this.#steps.length).every(({ startedAt }) => startedAt > newestAt)
    );
  }

  /** Whether outcomes of new conversations took longer than those before: then some that were counted are too young. */
  #waitsLonger(conversations: readonly ConversationRecord[]): boolean {
    if (this.#plan.maturationMs > 0) return false;
    const { ageMs } = this.#delays;
    for (let index = this.#conversations; index < conversations.length; index++) {
      const { resolved, firstAt } = conversations[index] as ConversationRecord;
      if (resolved !== null && resolved.at - firstAt > ageMs) return true;
    }
    return false;
  }

  /** Takes in what is new in the evidence, and gives the whole. */
  viewAt(evidence: ReleaseEvidence, moment: Moment): ReleaseView {
    const plan = this.#plan;
    const { conversations } = evidence;
    const steps = inOrder(moment.steps);
    for (; this.#conversations < conversations.length; this.#conversations++) {
      const record = conversations[this.#conversations] as ConversationRecord;
      this.#totals.addConversation(record);
      this.#delays.add(record);
      this.#list.add(record, steps);
      this.#newest = record;
      if (record.isShared === true) this.#hasShared = true;
    }
    const { units, outage } = this.#list;
    for (; this.#units < units.length; this.#units++) this.#totals.addUnit(units[this.#units] as Unit);
    this.#steps = steps;
    this.#now = moment.now;
    return {
      plan,
      evidence,
      steps,
      moment,
      units,
      totals: this.#totals,
      outage: outage.isOpen ? outage.failed : null,
      cuts: {
        now: moment.now,
        maturationMs: plan.maturationMs,
        outcomeAgeMs: plan.maturationMs > 0 ? plan.maturationMs : this.#delays.ageMs,
        warmupMs: plan.warmupMs,
        steps,
      },
      alpha: alphaOfRule(plan.alpha, plan.rules),
    };
  }
}

function inOrder(steps: readonly StepLog[]): StepLog[] {
  return [...steps].sort((a, b) => a.startedAt - b.startedAt);
}
