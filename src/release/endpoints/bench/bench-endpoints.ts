import type { Clock } from "../../../core/clock.js";
import { ProviderError } from "../../../core/errors.js";
import { EXIT, type ExitCode } from "../../../core/exit-codes.js";
import { sleepFor } from "../../../models/retry.js";
import type {
  BenchDifference,
  BenchedEndpoint,
  EndpointBenchReport,
  LoadReport,
} from "../../../report/schemas/endpoint-bench.js";
import { probeChat } from "../check/probe-chat.js";
import { type EndpointAddress, endpointAddress } from "../http/endpoint-address.js";
import { type EndpointClient, openEndpoint } from "../http/endpoint-client.js";
import { type Prompts, readPrompts } from "../http/prompts.js";
import { resolveModel } from "../http/resolve-model.js";
import { streamChat } from "../http/stream-chat.js";
import { arrivalTimes } from "./arrival-times.js";
import { type BenchFlags, type BenchSettings, benchSettings } from "./bench-settings.js";
import { compareLoads } from "./compare-loads.js";
import { findKnee } from "./find-knee.js";
import { startGaugeSampler } from "./gauge-sampler.js";
import { type LoadRequest, runLoad } from "./run-load.js";
import { summariseLoad } from "./summarise-load.js";

interface BenchWorld {
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLoad: (url: string, load: LoadReport) => void;
  /** File of `--dataset`, from the working directory. */
  readonly resolvePath: (file: string) => string;
}

interface Target {
  readonly client: EndpointClient;
  readonly model: string;
  readonly body: (index: number) => { readonly [name: string]: unknown };
}

/**
 * Loads one endpoint, or two at the same time, at each rate in turn.
 *
 * @throws {UsageError} for wrong flags
 * @throws {ProviderError} when an endpoint cannot be asked at all
 */
export async function benchEndpoints(
  url: string,
  flags: BenchFlags,
  world: BenchWorld,
): Promise<{ readonly report: EndpointBenchReport; readonly exitCode: ExitCode }> {
  const settings = benchSettings(flags);
  const addresses = [endpointAddress(url, { variable: flags.apiKeyEnv, env: world.env })];
  if (flags.against !== undefined) {
    const variable = flags.againstApiKeyEnv ?? flags.apiKeyEnv;
    addresses.push(endpointAddress(flags.against, { variable, env: world.env }));
  }
  const prompts = await readPrompts(flags, world.resolvePath);
  const targets: Target[] = [];
  try {
    for (const [index, address] of addresses.entries()) {
      const model = index === 0 ? flags.model : (flags.againstModel ?? flags.model);
      targets.push(await openTarget(address, { model, flags, prompts, world }));
    }
    return await benchTargets(targets, { settings, flags, world });
  } finally {
    for (const { client } of targets) await client.close();
  }
}

async function benchTargets(
  targets: readonly Target[],
  { settings, flags, world }: { settings: BenchSettings; flags: BenchFlags; world: BenchWorld },
) {
  const loads: LoadReport[][] = targets.map(() => []);
  const differences: BenchDifference[] = [];
  for (const rate of settings.rates) {
    if (world.signal.aborted) break;
    const ran = await Promise.all(
      targets.map((target, index) => loadTarget(target, index, { rate, settings, flags, world, targets })),
    );
    for (const [index, { load }] of ran.entries()) {
      loads[index]?.push(load);
      world.onLoad(targets[index]?.client.url ?? "", load);
    }
    const [first, second] = ran;
    const areMeasured = ran.every(({ load }) => load.state === "measured");
    if (first !== undefined && second !== undefined && areMeasured) {
      differences.push(...compareLoads(rate, first.requests, second.requests, flags.seed));
    }
  }
  const endpoints = targets.map(({ client, model }, index): BenchedEndpoint => {
    const own = loads[index] ?? [];
    return { url: client.url, model, loads: own, knee: findKnee(own) };
  });
  const report: EndpointBenchReport = {
    arrivals: settings.arrivals,
    seed: flags.seed,
    durationMs: settings.durationMs,
    connections: flags.connections ?? null,
    objectives: settings.objectives,
    endpoints,
    differences,
  };
  return { report, exitCode: exitCodeOf(report, world.signal) };
}

async function loadTarget(
  { client, body }: Target,
  index: number,
  {
    rate,
    settings,
    flags,
    world,
    targets,
  }: {
    rate: number;
    settings: BenchSettings;
    flags: BenchFlags;
    world: BenchWorld;
    targets: readonly Target[];
  },
): Promise<{ readonly load: LoadReport; readonly requests: readonly LoadRequest[] }> {
  const { clock, signal } = world;
  const { arrivals: kind, durationMs, timeoutMs } = settings;
  // Each endpoint has a sequence of its own; constant arrivals alternate between both.
  const shift = index / targets.length;
  const arrivals = arrivalTimes({ kind, rate, durationMs, seed: flags.seed * 2 + index, shift });
  const sampler = startGaugeSampler(client, { sleep: sleepFor });
  const run = await runLoad(
    arrivals,
    { durationMs, connections: flags.connections ?? null },
    (number, stop) => streamChat(client, body(number), { clock, timeoutMs, signal: stop }),
    { clock, signal, sleep: sleepFor },
  );
  const gauges = await sampler.stop();
  const { objectives, lagLimitMs } = settings;
  return { load: summariseLoad(run, { rate, objectives, lagLimitMs, gauges }), requests: run.requests };
}

async function openTarget(
  address: EndpointAddress,
  options: {
    readonly model: string | undefined;
    readonly flags: BenchFlags;
    readonly prompts: Prompts;
    readonly world: BenchWorld;
  },
): Promise<Target> {
  const { flags, prompts, world } = options;
  const client = openEndpoint(address);
  try {
    const model = await resolveModel(client, options.model, world.signal);
    const { finding, limitField } = await probeChat({
      client,
      model,
      clock: world.clock,
      signal: world.signal,
    });
    if (finding.state !== "pass") {
      throw new ProviderError(
        "PROVIDER_REJECTED",
        `${client.url} does not answer a chat: ${finding.evidence}`,
        {
          nextStep: "Run `agentctl endpoint check` on it.",
        },
      );
    }
    const end = flags.ignoreEos === true ? { ignore_eos: true } : {};
    const body = (index: number) => ({
      model,
      messages: prompts(index),
      [limitField]: flags.outputTokens,
      ...end,
    });
    return { client, model, body };
  } catch (error) {
    await client.close();
    throw error;
  }
}

function exitCodeOf({ endpoints }: EndpointBenchReport, signal: AbortSignal): ExitCode {
  if (signal.aborted) return EXIT.interrupted;
  const loads = endpoints.flatMap((one) => one.loads);
  const isOf = ({ state, completed }: LoadReport) => state === "error" || completed === 0;
  return loads.some(isOf) ? EXIT.infrastructure : EXIT.ok;
}
