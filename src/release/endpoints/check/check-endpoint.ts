import type { Clock } from "../../../core/clock.js";
import {
  CAPABILITIES,
  type Capability,
  type CapabilityName,
  type CheckedEndpoint,
} from "../../../report/schemas/endpoint-check.js";
import type { EndpointAddress } from "../http/endpoint-address.js";
import { type EndpointClient, openEndpoint } from "../http/endpoint-client.js";
import { type MetricsReading, readMetrics } from "../http/read-metrics.js";
import { recogniseMetrics } from "../metrics/recognise-metrics.js";
import { fail, type ProbeContext, type ProbeFinding, pass, unknown } from "./probe.js";
import { probeChat, probeLogprobs, probeStreaming } from "./probe-chat.js";
import { probeContextLimit } from "./probe-context.js";
import { probeIdentity } from "./probe-identity.js";
import { listedModels, modelsFinding, reachableFinding } from "./probe-models.js";
import { probeEmbeddings, probeMessages, probeResponses } from "./probe-other-apis.js";
import { probeStructured } from "./probe-structured.js";
import { probeStreamedTools, probeTools } from "./probe-tools.js";
import { probeTtft } from "./probe-ttft.js";

export interface CheckOptions {
  /** Model to ask for; the first that is listed unless given. */
  readonly model: string | undefined;
  readonly required: readonly CapabilityName[];
  /** Whether a request that is too long may be sent. */
  readonly mayProbeContext: boolean;
  /** Requests for the time to first token. */
  readonly probes: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Facts {
  readonly model: string | null;
  readonly contextTokens: number | null;
  readonly ttft: CheckedEndpoint["ttft"];
  readonly server: string | null;
  readonly metrics: CheckedEndpoint["metrics"];
}

const NO_FACTS: Facts = { model: null, contextTokens: null, ttft: null, server: null, metrics: null };

/** Tries what an endpoint can do, each capability by a request of its own. Never throws for what the endpoint does. */
export async function checkEndpoint(
  address: EndpointAddress,
  options: CheckOptions,
): Promise<CheckedEndpoint> {
  const client = openEndpoint(address);
  try {
    const { findings, facts } = await probeAll(client, options);
    const capabilities = CAPABILITIES.map((name): Capability => {
      const { state, evidence } = findings.get(name) ?? unknown("not tried");
      return { name, state, isRequired: options.required.includes(name), evidence };
    });
    const isLacking = capabilities.some(({ isRequired, state }) => isRequired && state !== "pass");
    const isReachable = findings.get("reachable")?.state === "pass";
    const verdict = isReachable ? (isLacking ? "lacking" : "usable") : "unreachable";
    return { url: client.url, ...facts, verdict, capabilities };
  } finally {
    await client.close();
  }
}

async function probeAll(client: EndpointClient, options: CheckOptions) {
  const findings = new Map<CapabilityName, ProbeFinding>();
  const first = await client.ask("/v1/models", { signal: options.signal });
  findings.set("reachable", reachableFinding(first));
  if (first.status === 0) {
    for (const name of CAPABILITIES.slice(1)) findings.set(name, unknown("not tried: nothing answers"));
    return { findings, facts: { ...NO_FACTS, model: options.model ?? null } };
  }
  findings.set("models", modelsFinding(first, options.model));
  const models = listedModels(first) ?? [];
  const model = options.model ?? models[0]?.id ?? null;
  const listed = models.find(({ id }) => id === model);
  const page = await readMetrics(client, "/metrics", options.signal);
  const metrics = page.ok ? recogniseMetrics(page.page) : null;
  findings.set("metrics", metricsFinding(page, metrics));
  const identity = { system: metrics?.system ?? null, model: listed, first, signal: options.signal };
  const server = await probeIdentity(client, identity);
  findings.set("identity", server === null ? unknown("it says nothing of itself") : pass(server));
  const facts = { ...NO_FACTS, model, server, metrics };
  if (model === null) {
    for (const name of CAPABILITIES) {
      if (!findings.has(name)) findings.set(name, unknown("no model is listed: name one with --model"));
    }
    return { findings, facts };
  }
  const { clock, signal } = options;
  const { finding, limitField } = await probeChat({ client, model, clock, signal });
  findings.set("chat", finding);
  const context: ProbeContext = { client, model, clock, signal, limitField };
  const { streaming, usage } = await probeStreaming(context);
  findings.set("streaming", streaming).set("stream-usage", usage);
  for (const [name, probe] of Object.entries(SINGLE_PROBES)) {
    findings.set(name as CapabilityName, await probe(context));
  }
  const limit = await probeContextLimit(context, listed, options.mayProbeContext);
  const ttft = await probeTtft(context, options.probes);
  findings.set("context-limit", limit.finding).set("ttft", ttft.finding);
  return { findings, facts: { ...facts, contextTokens: limit.tokens, ttft: ttft.ttft } };
}

const SINGLE_PROBES = {
  tools: probeTools,
  "tools-streamed": probeStreamedTools,
  "structured-output": probeStructured,
  logprobs: probeLogprobs,
  embeddings: probeEmbeddings,
  responses: probeResponses,
  messages: probeMessages,
} satisfies { readonly [Name in CapabilityName]?: (context: ProbeContext) => Promise<ProbeFinding> };

/** Capacity and latency are what a release looks at: a page without them is named for it. */
function metricsFinding(page: MetricsReading, metrics: CheckedEndpoint["metrics"]): ProbeFinding {
  if (!page.ok) return page.isAbsent ? fail(`no page: ${page.reason}`) : unknown(page.reason);
  if (metrics === null) return fail("a page of no system that is known (vLLM, SGLang, TGI)");
  const wanted = metrics.missing.filter(({ use }) => use === "capacity" || use === "latency");
  const renamed = metrics.renamed.map(({ name, found }) => `${found} for ${name}`);
  const parts = [
    `${metrics.system}: ${metrics.present.length} names of now`,
    renamed.length === 0 ? "" : `older names: ${renamed.join(", ")}`,
    metrics.missing.length === 0 ? "" : `${metrics.missing.length} missing`,
    wanted.length === 0
      ? ""
      : `of them wanted for capacity and latency: ${wanted.map(({ name }) => name).join(", ")}`,
  ];
  return pass(parts.filter((part) => part !== "").join("; "));
}
