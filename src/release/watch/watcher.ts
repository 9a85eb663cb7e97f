import type { Clock } from "../../core/clock.js";
import { AgentctlError } from "../../core/errors.js";
import type { CanaryRow } from "../../report/schemas/canary-command.js";
import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import type { OpenService } from "../commands/open-service.js";
import { rowDocument } from "../commands/release-documents.js";
import { stepLogs } from "../controller/history.js";
import { openCapacityReader } from "../endpoints/capacity.js";
import { openEvidenceReader } from "../evidence/open-evidence-reader.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { stateText } from "../machine/state.js";
import { openRouter } from "../routers/registry.js";
import type { TrafficRouter } from "../routers/router.js";
import { readSecret } from "../start/read-secret.js";
import { isShown, type WatchFigures, watchDocument, watchFigures } from "./watch-document.js";

/** Figures are read anew this often at the most; the clocks of the screen run all the same. */
const LEAST_BETWEEN_MS = 2000;
/** Reading and judging takes at most one part in so many of one processor. */
const REST = 30;

/** What a look found. */
export interface Look {
  readonly watch: CanaryWatch;
  /** Rows since the look before; none at the first. */
  readonly rows: readonly CanaryRow[];
}

/** Looks at a release without touching it: nothing is written, no lease is taken, the router is only read. */
export class ReleaseWatcher {
  readonly #capacity;
  readonly #evidence;
  readonly #router: TrafficRouter | string;
  #figures: {
    readonly figures: WatchFigures;
    readonly router: CanaryWatch["router"];
    readonly of: string;
  } | null = null;
  #dueAt = Number.NEGATIVE_INFINITY;
  #lastSeq: number | null = null;

  constructor(
    private readonly service: OpenService,
    private readonly releaseId: string,
    private readonly places: {
      readonly env: { readonly [name: string]: string | undefined };
      readonly clock: Clock;
    },
  ) {
    const { config, folder } = service;
    this.#router = routerOf(service, places.env);
    this.#capacity = openCapacityReader(config, places.clock);
    const router = typeof this.#router === "string" ? { stats: async () => [] } : this.#router;
    this.#evidence = openEvidenceReader(config, {
      folder,
      router,
      capacity: this.#capacity,
      clock: places.clock,
    });
  }

  async look(signal?: AbortSignal): Promise<Look> {
    const { clock } = this.places;
    const { journal } = this.service;
    const release = journal.get(this.releaseId) as ReleaseRecord;
    const of = stateText(release.state);
    if (this.#figures === null || this.#figures.of !== of || clock.monotonic() >= this.#dueAt) {
      const before = process.cpuUsage();
      const router = await this.#readRouter(signal);
      const rows = journal.rows(release.id);
      const evidence = await this.#evidence.read(release, stepLogs(rows, release.plan), signal);
      this.#figures = { figures: watchFigures(release, rows, evidence, clock.now()), router, of };
      const { user, system } = process.cpuUsage(before);
      const costMs = (user + system) / 1000;
      this.#dueAt = clock.monotonic() + Math.max(LEAST_BETWEEN_MS, REST * costMs);
    }
    const { figures, router } = this.#figures;
    return { watch: watchDocument(journal, release, figures, router, clock.now()), rows: this.#newRows() };
  }

  async close(): Promise<void> {
    await this.#capacity.close();
    if (typeof this.#router !== "string") await this.#router.close();
  }

  async #readRouter(signal: AbortSignal | undefined): Promise<CanaryWatch["router"]> {
    const kind = this.service.config.router.type;
    if (typeof this.#router === "string") return { kind, bps: null, reason: this.#router };
    try {
      return { kind, bps: (await this.#router.get(signal)).bps, reason: null };
    } catch (error) {
      if (!(error instanceof AgentctlError)) throw error;
      return { kind, bps: null, reason: error.message };
    }
  }

  #newRows(): readonly CanaryRow[] {
    const rows = this.service.journal.rows(this.releaseId, this.#lastSeq ?? 0);
    const isFirst = this.#lastSeq === null;
    this.#lastSeq = rows.at(-1)?.seq ?? this.#lastSeq ?? 0;
    return isFirst ? [] : rows.filter(isShown).map(rowDocument);
  }
}

/** Whoever may not reach the router may still watch the journal. */
function routerOf(
  { config, file, folder }: OpenService,
  env: { readonly [name: string]: string | undefined },
): TrafficRouter | string {
  try {
    const secretOf = (reference: string) => readSecret(reference, { file, folder, env });
    return openRouter(config.router, { folder, readSecret: secretOf, environment: env });
  } catch (error) {
    if (error instanceof AgentctlError) return error.message;
    throw error;
  }
}
