import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { contentHash } from "../src/core/hash.js";
import { servedEvent } from "../src/release/evidence/testing/live-events.js";
import type { ReleaseJournal } from "../src/release/journal/journal.js";
import { openReleaseJournal } from "../src/release/journal/open-release-journal.js";
import { samplePlan } from "../src/release/journal/testing/journal-samples.js";
import type { ReleaseEvent } from "../src/release/machine/release-event.js";
import { transition } from "../src/release/machine/transition.js";
import type { ReleasePlan } from "../src/release/plan/release-plan.js";
import { temporaryFolder } from "./run-cli.js";

/** Keeps a split in split.json, as a router that agentctl does not know would. A shell starts faster than Node. */
const ROUTER = `
cd "$(dirname "$0")"
if [ "$1" = set ]; then
  [ ! -e broken ] || { echo "the router is down" >&2; exit 1; }
  version=$(sed 's/.*"version":"\\([0-9]*\\)".*/\\1/' split.json)
  printf '{"bps":%s,"salt":"%s","version":"%s"}' "$AGENTCTL_BPS" "$AGENTCTL_SALT" $((version + 1)) > new.json
  mv new.json split.json
else
  cat split.json
fi
`;

/** What the plans rest on. */
const REPORT = { verdict: "pass" };

/** Two arms that answer, a router in a file, a journal with releases as a test wants them. */
export class CanaryProject {
  readonly folder = temporaryFolder();
  readonly journal: ReleaseJournal;

  private constructor(
    readonly stable: Server,
    readonly canary: Server,
  ) {
    const router = ["sh", join(this.folder, "router.sh")];
    writeFileSync(join(this.folder, "router.sh"), ROUTER);
    this.setSplit(0);
    writeFileSync(
      join(this.folder, "release.yaml"),
      JSON.stringify({
        version: 1,
        service: "support",
        traffic: "http://127.0.0.1:9",
        stable: { url: urlOf(stable) },
        canary: { url: urlOf(canary) },
        router: { type: "exec", get: [...router, "get"], set: [...router, "set"] },
        journal: "releases.db",
      }),
    );
    this.journal = openReleaseJournal(join(this.folder, "releases.db"));
  }

  static async create(): Promise<CanaryProject> {
    return new CanaryProject(await answering(), await answering());
  }

  /** The split, as if somebody had set it. */
  setSplit(bps: number): void {
    writeFileSync(join(this.folder, "split.json"), JSON.stringify({ bps, salt: "rel-1", version: "1" }));
  }

  /** The split, as the router has it. */
  get split(): { readonly bps: number } {
    return JSON.parse(readFileSync(join(this.folder, "split.json"), "utf8")) as { readonly bps: number };
  }

  /** Conversations of both arms that begin now, in the folder `events`. */
  converse(): void {
    const change = { bps: 5000, release: null, latencyMs: 1 };
    const lines = Array.from({ length: 40 }, (_, index) => {
      const arm = index % 2 === 0 ? "canary" : "stable";
      return `${JSON.stringify(servedEvent(`e-${index}`, `c-${index}`, { ...change, arm }, Date.now()))}\n`;
    });
    mkdirSync(join(this.folder, "events"), { recursive: true });
    appendFileSync(join(this.folder, "events", "live.jsonl"), lines.join(""));
  }

  /** A release that a controller, gone now, brought as far as the events go; the router has the share of its step. */
  release(id: string, events: readonly ReleaseEvent[], plan: Partial<ReleasePlan> = {}): void {
    const { journal } = this;
    const sample = samplePlan();
    const frozen = samplePlan({
      stable: { ...sample.stable, agentVersion: "stable-1", url: urlOf(this.stable) },
      canary: { ...sample.canary, agentVersion: `canary-${id}`, url: urlOf(this.canary) },
      gate: { ...sample.gate, agentVersion: `canary-${id}`, reportHash: contentHash(REPORT) },
      ...plan,
    });
    const kept = { evidence: [REPORT] };
    let release = journal.create({ id, plan: frozen, author: "ana", at: Date.now(), ...kept });
    const lease = journal.acquireLease("support", "gone", Date.now(), 1000);
    for (const event of events) {
      const next = transition(release, event);
      if ("refused" in next) throw new Error(next.refused);
      const { to, counters } = next;
      const row = {
        from: release.state,
        to,
        salt: null,
        previousBps: null,
        evidenceHash: null,
        actor: "controller",
        reason: event.type,
      };
      const bps = event.type === "shift-applied" && "step" in to ? (frozen.steps[to.step]?.bps ?? 0) : null;
      journal.append(id, {
        epoch: lease.epoch,
        at: Date.now(),
        rows: [
          { ...row, kind: "transition", event: event.type, targetBps: null },
          ...(bps === null
            ? []
            : (["intent", "readback"] as const).map((kind) => ({
                ...row,
                kind,
                event: "set-split",
                targetBps: bps,
              }))),
        ],
        patch: { state: to, counters },
        ...(event.type === "promotion-confirmed" ? { stable: frozen.canary } : {}),
      });
      if (bps !== null) this.setSplit(bps);
      release = { ...release, state: to, counters };
    }
    journal.releaseLease(lease);
  }

  async remove(): Promise<void> {
    this.journal.close();
    for (const server of [this.stable, this.canary]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

/** Events up to the bake of the first step. */
export const UP_TO_BAKING: readonly ReleaseEvent[] = [
  { type: "plan-frozen" },
  { type: "preflight-passed" },
  { type: "shift-applied" },
  { type: "split-verified" },
];

/** Events from the bake of the first of two steps to the end. */
export const UP_TO_SUCCESS: readonly ReleaseEvent[] = [
  { type: "bake-completed" },
  { type: "evaluated", verdict: "pass", reason: "fine" },
  { type: "shift-applied" },
  { type: "split-verified" },
  { type: "bake-completed" },
  { type: "evaluated", verdict: "pass", reason: "fine" },
  { type: "promotion-confirmed" },
  { type: "watch-passed" },
];

async function answering(): Promise<Server> {
  const server = createServer((_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
