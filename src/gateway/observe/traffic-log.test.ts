import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { served, spanOfServed } from "../testing/served.js";
import { TrafficLog } from "./traffic-log.js";

let folder: string;
let log: TrafficLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  log = new TrafficLog({ folder, service: "s", clock: systemClock, onNotice: () => {} });
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true });
});

function lines(): number {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8").split("\n").length - 1)
    .reduce((sum, count) => sum + count, 0);
}

it("shows at once, everywhere, what was emitted", () => {
  log.emit(served({}, "t-1"));
  expect(log.counts.requests()).toMatchObject([{ value: 1 }]);
  log.emit(served({}, "t-2"));
  expect(log.files.status().waiting).toBe(2);
  const last = served({}, "t-3");
  log.emit(last);
  expect(log.lastTrace(last.tenant_id, last.conversation_id)).toBe("t-3");
});

it("has written everything after a flush", async () => {
  for (const trace of ["t-1", "t-2", "t-3"]) log.emit(served({}, trace));
  await log.flush();
  expect(lines()).toBe(3);
});

it("writes without being asked", async () => {
  log.emit(served({}, "t-1"));
  await expect.poll(lines, { timeout: 5_000 }).toBe(1);
});

it("loses at its end only what comes later", async () => {
  log.emit(served({}, "t-1"));
  await log.close();
  log.emit(served({}, "t-2"));
  expect(log.lost()).toBe(1);
  expect(lines()).toBe(1);
});

it("exports the traces that have a span, and no others", async () => {
  const otlp = { url: "http://127.0.0.1:9/v1/traces" };
  const traced = new TrafficLog({ folder, service: "s", otlp, clock: systemClock, onNotice: () => {} });
  traced.emit(served({}, "t-1"), spanOfServed());
  traced.emit(served({}, "t-2"), null);
  traced.emit(served({}, "t-3"));
  const { traces } = traced;
  await traced.close();
  expect(traces?.status()).toEqual({ exported: 0, dropped: 1 });
  expect(lines()).toBe(3);
});
