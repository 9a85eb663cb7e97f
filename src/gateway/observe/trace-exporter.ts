import { Agent, request } from "undici";
import { z } from "zod";
import type { LiveEventOf } from "../../core/live-event.js";
import type { SpanFacts } from "../parts.js";
import { SPAN } from "./gen-ai-names.js";
import { type OtlpSpan, spanOf } from "./span-of-event.js";

export interface TraceExporterOptions {
  /** Where OTLP/HTTP is taken as JSON, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly service: string;
}

export interface TraceExportStatus {
  readonly exported: number;
  /** Spans that the collector did not take, or that waited behind too many others. */
  readonly dropped: number;
}

const BATCH_MS = 1_000;
const MAX_BATCH = 512;
const MAX_WAITING = 4_096;
const TIMEOUT_MS = 5_000;

const answerSchema = z.object({
  partialSuccess: z.object({ rejectedSpans: z.coerce.number().int().min(0) }),
});

/** A collector may take some of the spans and say 200. */
function rejectedSpans(answer: string): number {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(answer));
    return parsed.success ? parsed.data.partialSuccess.rejectedSpans : 0;
  } catch {
    return 0;
  }
}

/** Exports a span for each request. Never blocks and never throws: what a slow collector does not take is dropped and counted. */
export class TraceExporter {
  readonly #options: TraceExporterOptions;
  readonly #agent = new Agent({ connections: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  #waiting: OtlpSpan[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  /** Whether the collector took spans when it was last asked. */
  #wasTaken = true;
  #exported = 0;
  #dropped = 0;

  constructor(options: TraceExporterOptions) {
    this.#options = options;
  }

  export(event: LiveEventOf<"request_served">, span: SpanFacts): void {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(spanOf(event, span));
    // A whole batch does not wait for the time of one: a busy gateway would lose what comes meanwhile.
    if (this.#waiting.length === MAX_BATCH && this.#sending === null) this.#schedule(0);
    else this.#timer ??= setTimeout(() => void this.#send(), BATCH_MS).unref();
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delayMs).unref();
  }

  status(): TraceExportStatus {
    return { exported: this.#exported, dropped: this.#dropped };
  }

  /** Sends what waits, until the collector fails to take it: one that does not answer delays the end by 10 seconds. */
  async close(): Promise<void> {
    await this.#sending;
    const droppedBefore = this.#dropped;
    while (this.#waiting.length > 0 && this.#dropped === droppedBefore) await this.#send();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    await this.#agent.destroy();
  }

  #send(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = null;
      const isBehind = this.#waiting.length >= MAX_BATCH && this.#wasTaken;
      if (this.#waiting.length > 0) this.#schedule(isBehind ? 0 : BATCH_MS);
    });
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    const rejected = await this.#post(batch).catch(() => batch.length);
    this.#wasTaken = rejected < batch.length;
    this.#exported += batch.length - rejected;
    this.#dropped += rejected;
  }

  /** @returns how many of them the collector did not take */
  async #post(spans: readonly OtlpSpan[]): Promise<number> {
    const { url, service } = this.#options;
    const attributes = [{ key: SPAN.serviceName, value: { stringValue: service } }];
    const scopeSpans = [{ scope: { name: "agentctl.gateway" }, spans }];
    const { statusCode, body } = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans }] }),
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (statusCode < 200 || statusCode >= 300) {
      await body.dump();
      return spans.length;
    }
    return Math.min(spans.length, rejectedSpans(await body.text()));
  }
}
