import type { Model } from "../../models/model.js";

/** Thrown instead of a call that the budget may not cover. */
export class BudgetSpent extends Error {}

/**
 * Lets a model be called as long as the budget covers what is in flight, each call reckoned as dear as the dearest so far.
 * The first call goes alone: nothing is known of its price. So the budget is exceeded at most by what single calls cost
 * more than all before them. A model without a known price is called once.
 */
export class CallBudget {
  private spentUsd = 0;
  private dearestUsd: number | null = null;
  private isPriceUnknown = false;
  private inFlight = 0;
  private waiting: (() => void)[] = [];

  /** @param budgetUsd - US dollars above 0; `null`: no limit */
  constructor(private readonly budgetUsd: number | null) {}

  /** Whether a call was not made to keep the budget. */
  isSpent = false;

  /** Whether it stopped because it could not reckon. */
  get hasNoPrice(): boolean {
    return this.isSpent && this.isPriceUnknown;
  }

  guard(model: Model): Model {
    if (this.budgetUsd === null) return model;
    return {
      provider: model.provider,
      name: model.name,
      complete: async (request, options) => {
        await this.admit(this.budgetUsd as number);
        let isCached = false;
        try {
          const onCacheHit = () => {
            isCached = true;
            options.onCacheHit?.();
          };
          const reply = await model.complete(request, { ...options, onCacheHit });
          if (!isCached) this.note(reply.costUsd);
          return reply;
        } finally {
          this.inFlight -= 1;
          for (const wake of this.waiting.splice(0)) wake();
        }
      },
    };
  }

  private note(costUsd: number | null): void {
    if (costUsd === null) this.isPriceUnknown = true;
    else {
      this.spentUsd += costUsd;
      this.dearestUsd = Math.max(this.dearestUsd ?? 0, costUsd);
    }
  }

  private async admit(budgetUsd: number): Promise<void> {
    while (!this.isCovered(budgetUsd)) {
      // What is in flight may cost less than reckoned.
      if (this.isSpent || this.isPriceUnknown || this.inFlight === 0) {
        this.isSpent = true;
        throw new BudgetSpent("the budget is spent");
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.inFlight += 1;
  }

  private isCovered(budgetUsd: number): boolean {
    if (this.isSpent || this.isPriceUnknown) return false;
    if (this.dearestUsd === null) return this.inFlight === 0;
    return this.spentUsd + (this.inFlight + 1) * this.dearestUsd <= budgetUsd;
  }
}
