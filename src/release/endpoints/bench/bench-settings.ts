import { UsageError } from "../../../core/errors.js";
import type { Objectives } from "../../../report/schemas/endpoint-bench.js";
import type { ArrivalKind } from "./arrival-times.js";

/** Flags of `endpoint bench`, as commander gives them. */
export interface BenchFlags {
  readonly model?: string;
  readonly apiKeyEnv?: string;
  readonly against?: string;
  readonly againstModel?: string;
  readonly againstApiKeyEnv?: string;
  readonly rate?: string;
  readonly sweep?: readonly string[];
  readonly duration: string;
  readonly arrivals: string;
  readonly seed: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly dataset?: string;
  readonly ignoreEos?: boolean;
  readonly slo?: readonly string[];
  readonly connections?: number;
  readonly timeout: string;
  readonly maxLag: string;
}

export interface BenchSettings {
  /** Requests a second, ascending. */
  readonly rates: readonly number[];
  readonly arrivals: ArrivalKind;
  readonly durationMs: number;
  readonly timeoutMs: number;
  readonly lagLimitMs: number;
  readonly objectives: Objectives;
}

/** Every request of a load is kept in memory until its figures are made. */
const MOST_REQUESTS = 1_000_000;

const UNITS_MS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const OBJECTIVES: { readonly [name: string]: keyof Objectives } = {
  ttft: "ttftMs",
  itl: "itlMs",
  gap: "gapMs",
  e2e: "e2eMs",
};

/**
 * What the flags ask for.
 *
 * @throws {UsageError} naming the flag, what was found and what is wanted
 */
export function benchSettings(flags: BenchFlags): BenchSettings {
  if (flags.rate !== undefined && flags.sweep !== undefined) {
    throw new UsageError("expected --rate or --sweep, found both");
  }
  const asked = flags.sweep ?? [flags.rate ?? "1/s"];
  const rates = asked.map((text) => rateOf(text, flags.sweep === undefined ? "--rate" : "--sweep"));
  if (flags.arrivals !== "poisson" && flags.arrivals !== "constant") {
    throw new UsageError(`expected --arrivals poisson or constant, found "${flags.arrivals}"`);
  }
  const durationMs = timeOf(flags.duration, "--duration");
  const due = (Math.max(...rates) * durationMs) / 1000;
  if (due > MOST_REQUESTS) {
    throw new UsageError(
      `expected a load of at most ${MOST_REQUESTS.toLocaleString("en-US")} requests, found one of about ${Math.round(due).toLocaleString("en-US")}`,
      { nextStep: "Lower the rate, or shorten --duration." },
    );
  }
  return {
    rates: [...new Set(rates)].sort((a, b) => a - b),
    arrivals: flags.arrivals,
    durationMs,
    timeoutMs: timeOf(flags.timeout, "--timeout"),
    lagLimitMs: timeOf(flags.maxLag, "--max-lag"),
    objectives: objectivesOf(flags.slo ?? []),
  };
}

/** `2/s`, `120/m`, or a plain number a second. */
function rateOf(text: string, flag: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?|\.\d+)(?:\/(s|m|h))?$/.exec(text.trim()) ?? [];
  const rate = (Number(amount) * 1000) / (UNITS_MS[unit] ?? 1000);
  if (amount !== undefined && rate > 0) return rate;
  throw new UsageError(`expected ${flag} to be a rate above 0 such as 2/s or 30/m, found "${text}"`);
}

/** `500ms`, `30s`, `2m`; milliseconds. */
export function timeOf(text: string, flag: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (UNITS_MS[unit] ?? 0);
  if (ms > 0 && ms < 2 ** 31) return ms;
  throw new UsageError(`expected ${flag} to be a time above 0 such as 500ms, 30s or 2m, found "${text}"`);
}

function objectivesOf(parts: readonly string[]): Objectives {
  const objectives: Objectives = { ttftMs: null, itlMs: null, gapMs: null, e2eMs: null };
  for (const part of parts) {
    const [name = "", time = "", ...more] = part.split("=");
    const field = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
    if (field === undefined || more.length > 0) {
      throw new UsageError(`expected --slo to be like ttft=500ms,itl=50ms,gap=1s,e2e=5s, found "${part}"`);
    }
    if (objectives[field] !== null) throw new UsageError(`--slo has ${name} twice`);
    objectives[field] = timeOf(time, `--slo ${name}`);
  }
  return objectives;
}
