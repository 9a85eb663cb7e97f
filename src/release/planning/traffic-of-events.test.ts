import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { UsageError } from "../../core/errors.js";
import { PROBE_PREFIX } from "../../core/traffic-split.js";
import { trafficOfEvents } from "./traffic-of-events.js";

const folder = mkdtempSync(join(tmpdir(), "agentctl-"));
afterAll(() => rmSync(folder, { recursive: true }));
const release = join(folder, "release.yaml");
const MINUTE = 60_000;

/** A line of the event log, so many minutes after midnight. */
const served = (minute: number, key: string | null, service = "support", route = "bucket") =>
  JSON.stringify({
    event_type: "request_served",
    timestamp: new Date(Date.parse("2026-11-22T00:00:00.000Z") + minute * MINUTE).toISOString(),
    payload: { service, key, route },
  });

it("counts ids of the last day an hour, each once, of the service alone", async () => {
  const lines = [
    served(-3000, "long ago"),
    ...Array.from({ length: 60 }, (_, at) => served(at * 2, `c${at % 30}`)),
    served(10, "other", "billing"),
    served(11, null),
    served(12, "a tester", "support", "override"),
    served(13, "a probe", "support", "probe"),
    served(14, `${PROBE_PREFIX}2`),
    "{cut",
    served(120, "last"),
  ];
  writeFileSync(join(folder, "a.jsonl"), lines.join("\n"));
  const found = await trafficOfEvents("support", ["a.jsonl"], release);
  expect(found.perHour).toBeCloseTo(31 / 2, 9);
  expect(found.source).toBe("31 in the last 2 h of the event log");
});

it("does not make an hour of a moment, nor of no file", async () => {
  writeFileSync(join(folder, "b.jsonl"), [served(0, "a"), served(0.5, "b")].join("\n"));
  for (const place of ["b.jsonl", "none"])
    await expect(trafficOfEvents("support", [place], release)).rejects.toThrow(UsageError);
});
