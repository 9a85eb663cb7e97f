import type { Clock } from "../../../core/clock.js";
import { ProviderError } from "../../../core/errors.js";
import type {
  ExchangeOptions,
  ExternalMessage,
  ExternalReply,
  ExternalSession,
  ReportedStep,
} from "../external-agent.js";
import { awaitTrace, type TraceWaiting } from "./await-trace.js";
import type { SpanPrices } from "./call-cost.js";
import { readTrace, type TraceReading } from "./read-trace.js";
import type { TraceInbox, TraceInboxes } from "./trace-inbox.js";

export interface TracedSessionOptions {
  readonly inboxes: TraceInboxes;
  readonly prices: SpanPrices;
  readonly waiting: TraceWaiting;
  readonly clock: Clock;
  /** Fresh random bytes, in hexadecimal. */
  readonly randomHex: (bytes: number) => string;
}

/** One conversation with an agent that sends spans: each exchange is a trace of its own. */
export class TracedSession implements ExternalSession {
  private inbox: TraceInbox | null = null;

  constructor(
    private readonly trigger: ExternalSession,
    private readonly options: TracedSessionOptions,
  ) {}

  async exchange(said: ExternalMessage, options: ExchangeOptions): Promise<ExternalReply> {
    const { inboxes, prices, waiting, randomHex, clock } = this.options;
    // Fresh ones, so that spans of an earlier run that come late are not taken for those of this one.
    const triggerSpanId = randomHex(8);
    const inbox = inboxes.expect(randomHex(16), triggerSpanId);
    this.inbox = inbox;
    try {
      const traceparent = `00-${inbox.traceId}-${triggerSpanId}-01`;
      const reply = await this.trigger.exchange({ ...said, traceparent }, options);
      if (reply.calls.length > 0) {
        throw new ProviderError(
          "PROVIDER_BAD_RESPONSE",
          "expected an answer of the trigger, found tool calls for agentctl to run",
          { nextStep: "let an agent of kind otlp run its tools itself" },
        );
      }
      const repliedMs = clock.monotonic();
      const spans = await awaitTrace(inbox, waiting, options.signal, () => inboxes.ignored());
      const reading = await readTrace(spans, triggerSpanId, prices);
      const answer = reply.text === null || reply.text === "" ? reading.text : reply.text;
      if (answer === null) throw noAnswer(reading.error);
      const waitedMs = clock.monotonic() - repliedMs;
      return {
        ...reply,
        text: answer,
        usage: null,
        costUsd: null,
        waitedMs,
        ...toldTogether(reply, reading),
      };
    } finally {
      inbox.close();
      this.inbox = null;
    }
  }

  async close(): Promise<void> {
    this.inbox?.close();
    await this.trigger.close();
  }
}

/** What the spans tell counts; what they are silent about is taken from the reply, so that nothing counts twice. */
function toldTogether(
  reply: ExternalReply,
  { steps, says }: TraceReading,
): Pick<ExternalReply, "steps" | "says"> {
  const seen = new Set(steps.map(({ kind }) => kind));
  const ofReply: readonly ReportedStep[] = reply.steps.filter(({ kind }) => !seen.has(kind));
  const isUntold = !says.modelCalls && (reply.usage !== null || reply.costUsd !== null);
  return {
    steps: [...ofReply, ...steps, ...(isUntold ? [callOfReply(reply)] : [])],
    says: {
      tools: says.tools || reply.says.tools,
      retrievals: says.retrievals || reply.says.retrievals,
      modelCalls: says.modelCalls || isUntold,
    },
  };
}

function callOfReply({ model, text, finishReason, usage, costUsd }: ExternalReply): ReportedStep {
  const call = { provider: "unknown", model: model ?? "unknown", text, finishReason, usage, costUsd };
  return { kind: "model", ...call, durationMs: null, firstTokenMs: null, error: null };
}

function noAnswer(error: string | null): ProviderError {
  return error === null
    ? new ProviderError(
        "PROVIDER_BAD_RESPONSE",
        "neither the reply of the trigger nor the spans hold an answer",
        {
          nextStep: "answer in the reply, or record gen_ai.output.messages on the root span",
        },
      )
    : new ProviderError("AGENT_FAILED", `the root span of the agent ended in error: ${error}`);
}
