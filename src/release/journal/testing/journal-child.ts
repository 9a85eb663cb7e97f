import { writeSync } from "node:fs";
import { AgentctlError } from "../../../core/errors.js";
import type { ReleaseJournal } from "../journal.js";
import { sampleRow } from "./journal-samples.js";

/**
 * Child process of the journal contract: takes over the service, then appends pairs of rows. It prints `lease EPOCH`,
 * `row N` for each pair that was confirmed, and `refused CODE` for the error that stopped it.
 */
const [childModule, childExport, location, releaseId, count, padding] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

// Synchronous, so that a confirmation never waits in a buffer of this process.
const say = (line: string) => writeSync(1, `${line}\n`);
const loaded = (await import(childModule)) as Record<string, (location: string) => ReleaseJournal>;
const journal = loaded[childExport]?.(location);
if (journal === undefined) throw new Error(`${childModule} exports no ${childExport}`);
const lease = journal.seizeLease("support", `child-${process.pid}`, Date.now(), 60_000);
say(`lease ${lease.epoch}`);
try {
  for (let index = 0; index < Number(count); index += 1) {
    const reason = `${index} ${"x".repeat(Number(padding))}`;
    journal.append(releaseId, {
      epoch: lease.epoch,
      at: Date.now(),
      rows: [
        sampleRow({ kind: "intent", event: "set-split", targetBps: index, reason }),
        sampleRow({ kind: "readback", event: "set-split", targetBps: index, reason }),
      ],
      patch: { bakedMs: index },
    });
    say(`row ${index}`);
    // Lets another writer come between.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
} catch (error) {
  if (!(error instanceof AgentctlError)) throw error;
  say(`refused ${error.code} ${error.message}`);
}
