/** Smaller requests say more of the provider's own additions than of the text. */
const LEAST_ESTIMATE = 50;
const LEAST_RATIO = 0.5;
const MOST_RATIO = 2;

/**
 * Corrects the estimates of one conversation by what the provider counted. The ratio is the mean of the one so far and
 * the newest, within 0.5 to 2; 1 until a reply says its usage.
 */
export class Calibration {
  private ratio: number | null = null;
  private estimate = 0;

  /** @param estimate - estimated tokens of the request that is sent now */
  sent(estimate: number): void {
    this.estimate = estimate;
  }

  /** @param inputTokens - what the provider counted for the request sent last */
  observe(inputTokens: number): void {
    if (this.estimate < LEAST_ESTIMATE) return;
    const newest = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, inputTokens / this.estimate));
    this.ratio = this.ratio === null ? newest : (this.ratio + newest) / 2;
  }

  /** The most estimated tokens that stay within so many of the provider's. */
  inEstimates(tokens: number): number {
    return Math.floor(tokens / (this.ratio ?? 1));
  }

  /** What an estimate comes to at the provider. */
  inTokens(estimate: number): number {
    return Math.ceil(estimate * (this.ratio ?? 1));
  }
}
