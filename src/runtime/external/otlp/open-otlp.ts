import { randomBytes } from "node:crypto";
import type { OtlpAgentConfig } from "../../../config/agent/external/otlp-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import type { ExternalAgent } from "../external-agent.js";
import type { ExternalContext } from "../open-external.js";
import { SpanPrices } from "./call-cost.js";
import { type OtlpReceiver, startReceiver } from "./receiver.js";
import { TraceInboxes } from "./trace-inbox.js";
import { TracedSession } from "./traced-session.js";

/** What OpenTelemetry SDKs read; set for a program of the trigger. */
const EXPORTER_VARIABLES = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_TRACES_EXPORTER",
] as const;

/**
 * Opens an agent that is graded by its spans: listens for them, and triggers the agent as kind http or exec does.
 *
 * @throws {ConfigError} when the address cannot be listened at, or the trigger cannot work
 */
export async function openOtlp(config: OtlpAgentConfig, context: ExternalContext): Promise<ExternalAgent> {
  const { wait_ms: waitMs, settle_ms: settleMs } = config;
  const inboxes = new TraceInboxes();
  const receiver = await listenAt(config, context, inboxes);
  let trigger: ExternalAgent;
  try {
    trigger = await openTrigger(config, context, receiver.endpoint);
  } catch (error) {
    await receiver.close();
    throw error;
  }
  const prices = new SpanPrices(() => context.clock.now());
  return {
    hash: trigger.hash === null ? null : contentHash([trigger.hash]),
    secrets: trigger.secrets.filter((value) => !value.startsWith(receiver.endpoint)),
    namesModelCalls: true,
    open: (conversation) =>
      new TracedSession(trigger.open({ ...conversation, tools: [] }), {
        inboxes,
        prices,
        waiting: { waitMs, settleMs },
        clock: context.clock,
        randomHex: (bytes) => randomBytes(bytes).toString("hex"),
      }),
    close: async () => {
      await trigger.close();
      await receiver.close();
    },
  };
}

async function listenAt(
  { listen }: OtlpAgentConfig,
  { file }: ExternalContext,
  inboxes: TraceInboxes,
): Promise<OtlpReceiver> {
  const { host, port, max_bytes: maxBytes } = listen;
  try {
    return await startReceiver({ host, port, maxBytes, onSpans: (spans) => inboxes.receive(spans) });
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new ConfigError([{ file, message: `cannot listen at ${host}:${port} for spans: ${reason}` }], {
      cause,
      nextStep: "name another `listen.port`, or 0 for a free one",
    });
  }
}

async function openTrigger(
  { trigger, ...shared }: OtlpAgentConfig,
  context: ExternalContext,
  endpoint: string,
): Promise<ExternalAgent> {
  const { listen, wait_ms, settle_ms, ...common } = shared;
  const values: Record<(typeof EXPORTER_VARIABLES)[number], string> = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
    OTEL_TRACES_EXPORTER: "otlp",
  };
  const within = { ...context, env: { ...context.env, ...values } };
  if ("http" in trigger) {
    const { openHttp } = await import("../http/open-http.js");
    return openHttp({ ...common, ...trigger.http, kind: "http" }, within);
  }
  const { openExec } = await import("../exec/open-exec.js");
  const env_allow = [...trigger.exec.env_allow, ...EXPORTER_VARIABLES];
  return openExec({ ...common, ...trigger.exec, env_allow, kind: "exec" }, within);
}
