import type { LiveEvent, LiveEventOf } from "../../core/live-event.js";
import type { Arm } from "../../core/traffic-split.js";
import type { HistogramSample, Sample } from "./prometheus-text.js";

/** Upper bounds in seconds: from a cached answer to a long reasoning one. */
const LATENCY_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60, 120, 300] as const;
const FIRST_TOKEN_BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 4, 8, 16, 32] as const;

const ARMS: readonly Arm[] = ["stable", "canary"];

/** A counter for each set of labels. */
class Counter<Names extends string = string> {
  readonly #samples: { readonly labels: Readonly<Record<Names, string>>; value: number }[] = [];

  add(labels: Readonly<Record<Names, string>>, amount = 1): void {
    // There are a handful of sets: comparing them is cheaper than a text of labels for each request.
    const sample = this.#samples.find((known) => {
      for (const name in labels) if (known.labels[name] !== labels[name]) return false;
      return true;
    });
    if (sample === undefined) this.#samples.push({ labels, value: amount });
    else sample.value += amount;
  }

  samples(): readonly Sample[] {
    return this.#samples;
  }
}

class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const index = found === -1 ? this.#bounds.length : found;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  sample(arm: Arm): HistogramSample {
    return { labels: { arm }, bounds: this.#bounds, counts: this.#counts, sum: this.#sum };
  }
}

type HistogramOfArm = Readonly<Record<Arm, Histogram>>;

function histograms(bounds: readonly number[]): HistogramOfArm {
  return { stable: new Histogram(bounds), canary: new Histogram(bounds) };
}

/** Counts live events since the start, for the metrics page. Keeps no id, no text and no tenant. */
export class TrafficCounts {
  readonly #requests = new Counter();
  readonly #errors = new Counter();
  readonly #tokens = new Counter();
  readonly #costUsd = new Counter();
  readonly #unpriced = new Counter();
  readonly #told = new Counter();
  readonly #latency = histograms(LATENCY_BOUNDS);
  readonly #firstToken = histograms(FIRST_TOKEN_BOUNDS);
  #fallbacks = 0;

  count(event: LiveEvent): void {
    if (event.event_type === "request_served") this.#countRequest(event.payload);
    else if (event.event_type !== "conversation_scored") this.#told.add({ type: event.event_type });
  }

  #countRequest(served: LiveEventOf<"request_served">["payload"]): void {
    const { arm, route, status, failure, usage, costUsd } = served;
    this.#requests.add({ arm, route, status: statusClass(status) });
    if (!served.ok) this.#errors.add({ arm, failure: failure ?? "unknown" });
    if (route === "fallback") this.#fallbacks += 1;
    if (usage !== null) {
      this.#tokens.add({ arm, direction: "input" }, usage.inputTokens);
      this.#tokens.add({ arm, direction: "output" }, usage.outputTokens);
    }
    if (costUsd !== null) this.#costUsd.add({ arm }, costUsd);
    else if (usage !== null) this.#unpriced.add({ arm });
    // Nobody waits for a copy, and a request that was refused at once says nothing of the time that answers take.
    if (route === "shadow" || !served.ok || status >= 400) return;
    this.#latency[arm].observe(served.latencyMs / 1000);
    if (served.firstTokenMs !== null) this.#firstToken[arm].observe(served.firstTokenMs / 1000);
  }

  requests(): readonly Sample[] {
    return this.#requests.samples();
  }

  errors(): readonly Sample[] {
    return this.#errors.samples();
  }

  tokens(): readonly Sample[] {
    return this.#tokens.samples();
  }

  costUsd(): readonly Sample[] {
    return this.#costUsd.samples();
  }

  unpriced(): readonly Sample[] {
    return this.#unpriced.samples();
  }

  /** Feedback and safety violations, by type. */
  told(): readonly Sample[] {
    return this.#told.samples();
  }

  latency(): readonly HistogramSample[] {
    return ARMS.map((arm) => this.#latency[arm].sample(arm));
  }

  firstToken(): readonly HistogramSample[] {
    return ARMS.map((arm) => this.#firstToken[arm].sample(arm));
  }

  fallbacks(): number {
    return this.#fallbacks;
  }
}

/** `2xx` … `5xx`; `none` when the client went before there was one. */
function statusClass(status: number): string {
  return status === 0 ? "none" : `${Math.floor(status / 100)}xx`;
}
