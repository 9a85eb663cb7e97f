import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const QUERIES = 1000;
const DOCUMENTS = 1000;
const RUNS = 3;
const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");

/** Wall time and peak resident memory of an import with all its measures, JSON report included: the best of three. */
export async function trecImport(): Promise<{ readonly wallMs: number; readonly peakRssMib: number }> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-trec-"));
  try {
    await execa(process.execPath, [BIN, "init"], { cwd: folder });
    writeFileSync(join(folder, "run.trec"), runLines());
    writeFileSync(join(folder, "run.qrels"), qrelsLines());
    const hook = `process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))`;
    const args = ["import", "trec", "run.trec", "--qrels", "run.qrels", "--json", "--quiet"];
    let best = { wallMs: Number.POSITIVE_INFINITY, peakRssMib: 0 };
    for (let index = 0; index < RUNS; index += 1) {
      const started = performance.now();
      const { stderr } = await execa(
        process.execPath,
        ["--import", `data:text/javascript,${encodeURIComponent(hook)}`, BIN, ...args],
        { cwd: folder },
      );
      const wallMs = performance.now() - started;
      const peakRssMib = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
      if (wallMs < best.wallMs) best = { wallMs, peakRssMib };
    }
    return best;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function documentOf(query: number, index: number): string {
  return `document-${String((query * 7919 + index * 104_729) % 1_000_003).padStart(7, "0")}`;
}

/** A million lines of about 45 bytes, best first, with ties. */
function runLines(): string {
  const lines: string[] = [];
  for (let query = 0; query < QUERIES; query += 1) {
    for (let index = 0; index < DOCUMENTS; index += 1) {
      const score = 30 - Math.floor(index / 2) * 0.0137;
      lines.push(`query-${query} Q0 ${documentOf(query, index)} ${index + 1} ${score.toFixed(4)} bench\n`);
    }
  }
  return lines.join("");
}

/** Fifteen judged documents a query with grades 0 to 3, some of them not retrieved. */
function qrelsLines(): string {
  const lines: string[] = [];
  for (let query = 0; query < QUERIES; query += 1) {
    for (let index = 0; index < 15; index += 1) {
      lines.push(`query-${query} 0 ${documentOf(query, index * 97)} ${index % 4}\n`);
    }
  }
  return lines.join("");
}
