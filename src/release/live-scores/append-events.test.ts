import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LiveEvent } from "../../core/live-event.js";
import { appendEvents } from "./append-events.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  file = join(folder, "scores.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

function event(id: string): LiveEvent {
  return {
    event_id: id,
    event_type: "conversation_scored",
    timestamp: "2026-11-22T10:00:00.000Z",
    conversation_id: "c ü",
    tenant_id: "acme",
    trace_id: "",
    payload: { metric: "m", value: 1, by: "metrics" },
  };
}

const lines = () => readFileSync(file, "utf8").split("\n");

describe("the log of scores", () => {
  it("gets each event once, and tells how many were new", async () => {
    expect(await appendEvents(join(folder, "made"), [event("a1")])).toBe(1);
    expect(await appendEvents(folder, [event("a1"), event("b2"), event("b2")])).toBe(2);
    expect(await appendEvents(folder, [event("a1"), event("c3"), event("b2")])).toBe(1);
    expect(await appendEvents(folder, [event("a1"), event("c3")])).toBe(0);
    expect(await appendEvents(folder, [])).toBe(0);
    expect(lines()).toEqual([...["a1", "b2", "c3"].map((id) => JSON.stringify(event(id))), ""]);
  });

  it("knows events that somebody else wrote in another order, and passes over what is none", async () => {
    const { event_id, ...others } = event("a1");
    writeFileSync(file, `${JSON.stringify({ ...others, event_id })}\nnonsense\n[]\n7\n`);
    expect(await appendEvents(folder, [event("a1")])).toBe(0);
  });

  it("begins a line of its own behind one that was torn, whose event is missing", async () => {
    await appendEvents(folder, [event("a1")]);
    appendFileSync(file, JSON.stringify(event("b2")).slice(0, 60));
    expect(await appendEvents(folder, [event("b2")])).toBe(1);
    expect(lines().at(-2)).toBe(JSON.stringify(event("b2")));
    expect(lines()).toHaveLength(4);
  });

  it("fails with what to do when it cannot be read", async () => {
    writeFileSync(join(folder, "none"), "");
    await expect(appendEvents(join(folder, "none"), [event("a1")])).rejects.toMatchObject({
      code: "STORE_FAILED",
      message: expect.stringContaining("cannot write scores"),
    });
  });
});
