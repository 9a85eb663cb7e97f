import type { Clock } from "../../core/clock.js";
import type { LiveEvent, LiveEventOf } from "../../core/live-event.js";
import { EventFiles } from "../events/event-files.js";
import { ConversationMemory } from "../feedback/conversation-memory.js";
import type { LiveEventSink, SpanFacts } from "../parts.js";
import { TraceExporter } from "./trace-exporter.js";
import { TrafficCounts } from "./traffic-counts.js";

/** A part of the 40 ms that a kill loses; see EventFiles. */
const TOGETHER_MS = 10;

export interface TrafficLogOptions {
  /** Of the event log. */
  readonly folder: string;
  readonly service: string;
  /** Where traces go; absent: nowhere. */
  readonly otlp?: { readonly url: string } | undefined;
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
}

/**
 * Takes the events of live traffic and makes everything of them that the gateway shows: the log, the figures, the traces,
 * and what feedback belongs to. None of these can tell another story than the others.
 *
 * Events wait a moment and are then taken together: many in a row cost half of what they cost one by one between requests.
 * Whoever looks at what was made of them finds all that came before.
 */
export class TrafficLog implements LiveEventSink {
  readonly #counts = new TrafficCounts();
  readonly #memory = new ConversationMemory();
  readonly #files: EventFiles;
  readonly #traces: TraceExporter | null;
  #waiting: LiveEvent[] = [];
  #traced: [LiveEventOf<"request_served">, SpanFacts][] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor({ folder, service, otlp, clock, onNotice }: TrafficLogOptions) {
    this.#traces = otlp === undefined ? null : new TraceExporter({ url: otlp.url, service });
    this.#files = new EventFiles({
      folder,
      clock,
      onProblem: (error) => onNotice(`events cannot be written and wait in memory: ${error.message}`),
    });
  }

  emit(event: LiveEvent, span: SpanFacts | null = null): void {
    this.#waiting.push(event);
    if (span !== null && event.event_type === "request_served") this.#traced.push([event, span]);
    this.#timer ??= setTimeout(() => this.#take(), TOGETHER_MS);
  }

  get counts(): TrafficCounts {
    this.#take();
    return this.#counts;
  }

  get files(): EventFiles {
    this.#take();
    return this.#files;
  }

  /** `null`: traces are not exported. */
  get traces(): TraceExporter | null {
    this.#take();
    return this.#traces;
  }

  /** See {@link ConversationMemory.lastTrace}. */
  lastTrace(tenantId: string, conversationId: string): string | undefined {
    this.#take();
    return this.#memory.lastTrace(tenantId, conversationId);
  }

  flush(): Promise<void> {
    return this.files.flush();
  }

  lost(): number {
    return this.files.lost();
  }

  async close(): Promise<void> {
    await this.files.close();
    await this.traces?.close();
  }

  #take(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const events = this.#waiting;
    this.#waiting = [];
    for (const event of events) this.#files.emit(event);
    for (const event of events) this.#counts.count(event);
    for (const event of events) this.#memory.see(event);
    const traced = this.#traced;
    this.#traced = [];
    for (const [event, span] of traced) this.#traces?.export(event, span);
  }
}
