import { resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import { RouterError } from "../../core/errors.js";
import type { EvidenceReader } from "../controller/ports.js";
import type { ReleaseRecord } from "../journal/journal.js";
import type { TrafficRouter } from "../routers/router.js";
import type { CapacityReader } from "./capacity-reader.js";
import { EventSources } from "./event-sources.js";
import { EventFold, type FoldCounts } from "./fold-events.js";
import { hashConversations } from "./hash-conversations.js";
import { readEventLine } from "./live-event-line.js";
import type { ReleaseEvidence, StepLog } from "./release-evidence.js";
import { SilentLog } from "./silent-log.js";

/** What a reader of evidence reads from. */
export interface EvidenceSources {
  /** Folder of release.yaml: relative paths start there. */
  readonly folder: string;
  readonly router: Pick<TrafficRouter, "stats">;
  /** `null`: the model servers do not say how full they are. */
  readonly capacity: CapacityReader | null;
  /** An event of the future counts as of the moment at which it is read: another clock is ahead, or somebody made it up. */
  readonly clock: Pick<Clock, "now">;
}

/** Lines of the event log so far. */
interface EventCounts extends FoldCounts {
  readonly broken: number;
  readonly otherTypes: number;
}

/** An evidence reader that also tells what it left out. */
export interface CountingEvidenceReader extends EvidenceReader {
  /** `null` before the first read. */
  readonly counts: EventCounts | null;
}

type Unreadable = ReleaseEvidence["unreadable"][number];

/**
 * Reads live events as they are written, the counts of the router, and how full the endpoints are. What was read once is
 * not read again; another release begins anew.
 */
export function openEvidenceReader(
  config: Pick<ReleaseConfig, "service" | "events">,
  sources: EvidenceSources,
): CountingEvidenceReader {
  const paths = config.events.map((shown) => ({ path: resolve(sources.folder, shown), shown }));
  let reading: Reading | null = null;
  return {
    get counts() {
      return reading?.counts ?? null;
    },
    async read(release, steps, signal) {
      if (reading?.releaseId !== release.id) reading = new Reading(release, paths, sources.clock);
      const current = reading;
      const [events, arms, capacity] = await Promise.all([
        current.readEvents(signal),
        readArms(sources.router, signal),
        sources.capacity?.read(signal) ?? [],
      ]);
      return {
        ...current.evidence(steps),
        arms: arms.value,
        capacity,
        unreadable: [
          ...events,
          ...(events.length === 0 ? current.silence(arms.value) : []),
          ...arms.unreadable,
          ...(sources.capacity?.unreadable ?? []),
        ],
      };
    },
  };
}

class Reading {
  readonly releaseId: string;
  readonly #fold: EventFold;
  readonly #sources: EventSources;
  readonly #clock: Pick<Clock, "now">;
  #latest: number;
  readonly #log = new SilentLog();
  #broken = 0;
  #otherTypes = 0;
  /** Lines about requests, of whatever release. */
  #served = 0;

  constructor(
    release: ReleaseRecord,
    paths: ConstructorParameters<typeof EventSources>[0],
    clock: Pick<Clock, "now">,
  ) {
    this.#clock = clock;
    this.#latest = Date.parse(release.createdAt);
    const { service, salt, rules } = release.plan;
    const baseline = rules.filter(({ threshold }) => threshold.reference === "baseline");
    const before = Math.max(0, ...baseline.map(({ windowMs }) => windowMs));
    const from = Date.parse(release.createdAt) - before;
    this.releaseId = release.id;
    this.#fold = new EventFold({ service, names: [release.id, salt], from });
    this.#sources = new EventSources(paths, from);
  }

  get counts(): EventCounts {
    const { tooLong } = this.#sources;
    return { ...this.#fold.counts, broken: this.#broken + tooLong, otherTypes: this.#otherTypes };
  }

  readEvents(signal: AbortSignal | undefined): Promise<Unreadable[]> {
    // A clock that goes back must not make the present look like the time before the release.
    this.#latest = Math.max(this.#latest, this.#clock.now());
    return this.#sources.read((text) => {
      const line = readEventLine(text);
      if (line.is === "event") {
        if (line.event.event_type === "request_served") this.#served += 1;
        this.#fold.add(line.event, Math.min(line.at, this.#latest));
      } else if (line.is === "broken") this.#broken += 1;
      else this.#otherTypes += 1;
    }, signal);
  }

  silence(arms: ReleaseEvidence["arms"]): Unreadable[] {
    const reason = this.#log.problem(this.#served, arms, this.#latest);
    return reason === null ? [] : [{ source: "events", reason }];
  }

  evidence(
    steps: readonly StepLog[],
  ): Pick<ReleaseEvidence, "conversations" | "conversationsHash" | "unassigned" | "astray" | "fallbacks"> {
    const since = steps.at(-1)?.startedAt ?? Number.NEGATIVE_INFINITY;
    const begun = steps[0]?.startedAt ?? Number.POSITIVE_INFINITY;
    const all = this.#fold.conversations();
    const isAfterwards = ({ bps, firstAt }: (typeof all)[number]) => bps === 0 && firstAt >= begun;
    const conversations = all.some(isAfterwards) ? all.filter((record) => !isAfterwards(record)) : all;
    return {
      conversations,
      conversationsHash: () => hashConversations(conversations),
      unassigned: this.#fold.withoutId(since),
      astray: this.#fold.astray,
      fallbacks: this.#fold.fallbacks(since),
    };
  }
}

async function readArms(
  router: EvidenceSources["router"],
  signal: AbortSignal | undefined,
): Promise<{ readonly value: ReleaseEvidence["arms"]; readonly unreadable: readonly Unreadable[] }> {
  try {
    return { value: await router.stats(signal), unreadable: [] };
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    const next = error.nextStep === undefined ? "" : `; ${error.nextStep}`;
    return { value: [], unreadable: [{ source: "router", reason: `${error.message}${next}` }] };
  }
}
