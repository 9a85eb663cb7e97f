import type { Span } from "./span.js";

/** Spans of one trace beyond these are refused: an agent in a loop must not fill the memory. */
const MAX_SPANS = 20_000;

/** Other traces are told apart up to here. */
const MAX_OTHER_TRACES = 1_000;

/** What has arrived of a trace that somebody waits for. */
export interface TraceInbox {
  readonly traceId: string;
  /** Each span once, in the order of arrival; of two with one id the first counts. */
  spans(): readonly Span[];
  /** Whether a root has arrived: a span without a parent, or whose parent is that of the trigger. */
  hasRoot(): boolean;
  /** Calls `listener` after each export with spans of this trace; one listener at a time. */
  onArrival(listener: () => void): void;
  /** Spans that come from now on are counted as late, and refused. */
  close(): void;
}

/** Counts of what was received and not used. */
export interface IgnoredSpans {
  /** Of traces that nobody waits for. */
  readonly unknown: number;
  /** Different traces among those, counted up to 1,000. */
  readonly unknownTraces: number;
  /** Sent a second time. */
  readonly duplicates: number;
  /** After their trace was read. */
  readonly late: number;
}

interface OpenTrace {
  readonly spans: Map<string, Span>;
  readonly triggerSpanId: string;
  listener: () => void;
  hasRoot: boolean;
}

/** Sorts the spans of all exports by trace. */
export class TraceInboxes {
  private readonly open = new Map<string, OpenTrace>();
  private readonly closed = new Set<string>();
  private readonly others = new Set<string>();
  private unknown = 0;
  private duplicates = 0;
  private late = 0;

  /**
   * Opens an inbox; spans that are sent before are of an unknown trace.
   *
   * @param triggerSpanId - parent of the agent's root span, where it goes by `traceparent`
   */
  expect(traceId: string, triggerSpanId: string): TraceInbox {
    const trace: OpenTrace = { spans: new Map(), triggerSpanId, listener: () => {}, hasRoot: false };
    this.open.set(traceId, trace);
    return {
      traceId,
      spans: () => [...trace.spans.values()],
      hasRoot: () => trace.hasRoot,
      onArrival: (listener) => {
        trace.listener = listener;
      },
      close: () => {
        this.open.delete(traceId);
        this.closed.add(traceId);
      },
    };
  }

  /**
   * Takes the spans of one export.
   *
   * @returns why spans were rejected, one sentence for each of those
   */
  receive(spans: readonly Span[]): readonly string[] {
    const rejected: string[] = [];
    const arrived = new Set<OpenTrace>();
    for (const span of spans) {
      const trace = this.open.get(span.traceId);
      if (trace === undefined) {
        if (this.countUnexpected(span.traceId) === "late") rejected.push("the trace was read already");
      } else if (trace.spans.has(span.spanId)) {
        this.duplicates += 1;
      } else if (trace.spans.size >= MAX_SPANS) {
        rejected.push(`a trace has more than ${MAX_SPANS} spans`);
      } else {
        trace.spans.set(span.spanId, span);
        trace.hasRoot ||= span.parentSpanId === null || span.parentSpanId === trace.triggerSpanId;
        arrived.add(trace);
      }
    }
    for (const { listener } of arrived) listener();
    return rejected;
  }

  ignored(): IgnoredSpans {
    const { unknown, duplicates, late, others } = this;
    return { unknown, unknownTraces: others.size, duplicates, late };
  }

  private countUnexpected(traceId: string): "late" | "unknown" {
    if (this.closed.has(traceId)) {
      this.late += 1;
      return "late";
    }
    this.unknown += 1;
    if (this.others.size < MAX_OTHER_TRACES) this.others.add(traceId);
    return "unknown";
  }
}
