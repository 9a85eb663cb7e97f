import { logBinomialTerm } from "./gamma.js";

/**
 * How many of `draws` balls, drawn without return from `marked` + `unmarked`, are marked. Probabilities come from
 * log-gamma at one count, neighbours by their ratio, so that a tail keeps its digits however small it is.
 */
export class Hypergeometric {
  readonly lowest: number;
  readonly highest: number;
  readonly mode: number;

  constructor(
    private readonly marked: number,
    private readonly unmarked: number,
    private readonly draws: number,
  ) {
    this.lowest = Math.max(0, draws - unmarked);
    this.highest = Math.min(draws, marked);
    const peak = Math.floor(((draws + 1) / (marked + unmarked + 2)) * (marked + 1));
    this.mode = Math.min(this.highest, Math.max(this.lowest, peak));
  }

  /**
   * log P(X = count), for a count between `lowest` and `highest`.
   *
   * @see Loader 2000, Fast and Accurate Computation of Binomial Probabilities
   */
  logProbability(count: number): number {
    const total = this.marked + this.unmarked;
    const share = this.draws / total;
    const rest = (total - this.draws) / total;
    if (share === 0 || rest === 0) return 0;
    return (
      logBinomial(count, this.marked - count, share, rest) +
      logBinomial(this.draws - count, this.unmarked - this.draws + count, share, rest) -
      logBinomial(this.draws, total - this.draws, share, rest)
    );
  }

  /** P(from <= X <= to). */
  between(from: number, to: number): number {
    const least = Math.max(from, this.lowest);
    const most = Math.min(to, this.highest);
    if (least > most) return 0;
    const anchor = Math.min(most, Math.max(least, this.mode));
    const start = Math.exp(this.logProbability(anchor));
    let sum = start;
    for (let count = anchor, term = start; count < most && term > sum * 1e-18; count++) {
      term *= this.growth(count);
      sum += term;
    }
    for (let count = anchor, term = start; count > least && term > sum * 1e-18; count--) {
      term /= this.growth(count - 1);
      sum += term;
    }
    return Math.min(1, sum);
  }

  /** P(X = count + 1) / P(X = count). */
  private growth(count: number): number {
    const up = ((this.marked - count) / (count + 1)) * (this.draws - count);
    return up / (this.unmarked - this.draws + count + 1);
  }
}

function logBinomial(successes: number, failures: number, rate: number, rest: number): number {
  if (successes === 0) return failures * (rate < 0.5 ? Math.log1p(-rate) : Math.log(rest));
  if (failures === 0) return successes * (rest < 0.5 ? Math.log1p(-rest) : Math.log(rate));
  return logBinomialTerm(successes, failures, rate, rest);
}
