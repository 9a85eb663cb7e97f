import { parseReleaseFile } from "../../src/config/release/parse-release-file.js";
import type { RouterConfig } from "../../src/config/release/release-schema.js";
import { openController } from "../../src/release/controller/controller.js";
import { openProber } from "../../src/release/controller/open-prober.js";
import type { ReleaseController } from "../../src/release/controller/ports.js";
import { decide } from "../../src/release/decisions/decide.js";
import { openEvidenceReader } from "../../src/release/evidence/open-evidence-reader.js";
import type { ReleaseJournal } from "../../src/release/journal/journal.js";
import { openReleaseJournal } from "../../src/release/journal/open-release-journal.js";
import { stateText } from "../../src/release/machine/state.js";
import { openRouter } from "../../src/release/routers/registry.js";
import type { TrafficRouter } from "../../src/release/routers/router.js";
import { answerCalls } from "./child-calls.js";
import { type Moment, ToldClock } from "./simulated-time.js";

/** Where a controller finds the release that it drives. */
interface ControllerPlace {
  readonly journal: string;
  readonly releaseId: string;
  readonly folder: string;
  /** Text of release.yaml. */
  readonly release: string;
  /** As the controller reaches it. */
  readonly router: RouterConfig;
  readonly token: string;
  readonly holder: string;
  readonly leaseTtlMs: number;
}

/** What a tick came to; `nextInMs` is `null` when the release has ended. */
export interface Ticked {
  readonly state: string;
  readonly nextInMs: number | null;
}

/** The controller of the program with its real ports, and a simulated clock. People and aftermath are not asked. */
const clock = new ToldClock();
let open: {
  readonly journal: ReleaseJournal;
  readonly router: TrafficRouter;
  readonly controller: ReleaseController;
} | null = null;

async function leave(): Promise<void> {
  await open?.router.close();
  open?.journal.close();
  open = null;
}

answerCalls({
  open: async (place: ControllerPlace) => {
    await leave();
    const config = parseReleaseFile(place.release, "release.yaml");
    const readSecret = () => place.token;
    const journal = openReleaseJournal(place.journal);
    const router = openRouter(place.router, { folder: place.folder, readSecret, environment: {} });
    const evidence = openEvidenceReader(config, { folder: place.folder, router, capacity: null, clock });
    const prober = openProber(config, { router, readSecret });
    const notifier = { notify: async () => {} };
    const aftermath = { promoted: async () => {}, rolledBack: async () => {} };
    const ports = { clock, journal, router, prober, evidence, decide, notifier, aftermath };
    const { holder, leaseTtlMs } = place;
    open = { journal, router, controller: openController(place.releaseId, ports, { holder, leaseTtlMs }) };
  },
  tick: async (moment: Moment): Promise<Ticked> => {
    if (open === null) throw new Error("no release was opened");
    clock.tell(moment);
    const { release, nextInMs } = await open.controller.tick();
    return { state: stateText(release.state), nextInMs: Number.isFinite(nextInMs) ? nextInMs : null };
  },
  close: leave,
});
