import type { Clock } from "../../core/clock.js";
import type { LiveEvent } from "../../core/live-event.js";
import { EventFiles } from "../events/event-files.js";
import { ConversationMemory } from "../feedback/conversation-memory.js";
import type { LiveEventSink } from "../parts.js";
import { TraceExporter } from "./trace-exporter.js";
import { TrafficCounts } from "./traffic-counts.js";

export interface TrafficLogOptions {
  /** Of the event log. */
  readonly folder: string;
  readonly service: string;
  /** Where traces go; absent: nowhere. */
  readonly otlp?: { readonly url: string; readonly sample: number } | undefined;
  readonly clock: Clock;
  readonly onNotice: (text: string) => void;
}

/**
 * Takes the events of live traffic and makes everything of them that the gateway shows: the log, the figures, the traces,
 * and what feedback belongs to. None of these can tell another story than the others.
 */
export class TrafficLog implements LiveEventSink {
  readonly counts = new TrafficCounts();
  readonly memory = new ConversationMemory();
  readonly files: EventFiles;
  /** `null`: traces are not exported. */
  readonly traces: TraceExporter | null;

  constructor({ folder, service, otlp, clock, onNotice }: TrafficLogOptions) {
    this.traces = otlp === undefined ? null : new TraceExporter({ ...otlp, service });
    this.files = new EventFiles({
      folder,
      clock,
      onProblem: (error) => onNotice(`events cannot be written and wait in memory: ${error.message}`),
    });
  }

  emit(event: LiveEvent): void {
    this.files.emit(event);
    this.counts.count(event);
    this.memory.see(event);
    this.traces?.export(event);
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
}
