import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../src/core/clock.js";
import { conversationKey } from "../src/core/conversation-key.js";
import type { LiveEvent } from "../src/core/live-event.js";
import { queueForReview } from "../src/release/aftermath/queue-for-review.js";
import { documentOf } from "./json-documents.js";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";
import { sampleExchange } from "./sample-exchange.js";

describe("live conversations that the gateway kept", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await initialisedProject();
    const folder = join(cwd, ".agentctl", "captures");
    mkdirSync(folder, { recursive: true });
    const lines = [
      sampleExchange("c-1"),
      sampleExchange("c-2", { arm: "stable" }),
      sampleExchange("c-3", { answerHeld: ["card number"] }),
      sampleExchange("other", { release: "rel-0" }),
      sampleExchange("other", { release: "rel-0", tenant_id: "globex", capture_id: "capture-of-globex" }),
    ].map((one) => JSON.stringify(one));
    writeFileSync(join(folder, "2026-11-22.jsonl"), `${lines.join("\n")}\n{"capture_id":"torn`);
  });

  function events(): LiveEvent[] {
    const text = readFileSync(join(cwd, ".agentctl", "events", "scores.jsonl"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LiveEvent);
  }

  it("become a run with a trial for each conversation", async () => {
    const result = await runCommand(["import", "live", ".agentctl/captures", "--arm", "canary", "--json"], {
      cwd,
    });
    expect(result.stderr).toBe("");
    expect(JSON.parse(result.stdout)).toMatchObject({ totals: { planned: 4, completed: 4 } });
    const trace = await runCommand(["trace", "latest", "c-1"], { cwd });
    expect(trace.stdout).toContain("It comes tomorrow.");
    const ofGlobex = await runCommand(["trace", "latest", "globex/other"], { cwd });
    expect(ofGlobex.stdout).toContain("It comes tomorrow.");
  });

  it("have a critical violation that was soft when they were scored before", async () => {
    const elsewhere = ["--events", "other-events", "--json"];
    const soft = await runCommand(["canary", "score", "--id", "rel-1", ...elsewhere], { cwd });
    const args = ["canary", "score", "--id", "rel-1", "--critical", "safety.pii_leaks", ...elsewhere];
    expect(JSON.parse(soft.stdout)).toMatchObject({ violations: 1 });
    expect(JSON.parse((await runCommand(args, { cwd })).stdout)).toMatchObject({
      newEvents: 1,
      violations: 1,
    });
    expect(JSON.parse((await runCommand(args, { cwd })).stdout)).toMatchObject({ newEvents: 0 });
  });

  it("are scored for a release, and again without a second count", async () => {
    const args = ["canary", "score", "--id", "rel-1", "--critical", "safety.pii_leaks"];
    const first = await runCommand(args, { cwd });
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toContain("3 conversations");
    const told = events();
    const ids = new Set(told.map(({ event_id }) => event_id));
    expect(ids.size).toBe(told.length);
    expect(new Set(told.map(({ conversation_id }) => conversation_id))).toEqual(
      new Set(["c-1", "c-2", "c-3"]),
    );
    const violations = told.filter(({ event_type }) => event_type === "safety_violation");
    expect(violations).toMatchObject([
      {
        conversation_id: "c-3",
        payload: { rule: "said a card number", severity: "critical", verified: true },
      },
    ]);
    expect(first.stdout).toContain(`${told.length} events (${told.length} new)`);
    const again = await documentOf("canary-scores", args, { cwd });
    expect(again).toMatchObject({ events: told.length, newEvents: 0 });
    expect(events()).toEqual(told);
  });

  it("are not scored when what is to be critical is misspelt: it would be soft", async () => {
    const result = await runCommand(["canary", "score", "--critical", "safety.pii_leak"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/found safety\.pii_leak; did you mean `safety\.pii_leaks`\?/);
  });

  it("are not judged by a judge that was never held against people", async () => {
    const result = await runCommand(["canary", "score", "--judge", "helpfulness"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/--judge helpfulness: expected a judge that is calibrated against people/);
  });

  it("wait for review when a release was rolled back, once", async () => {
    const queue = () =>
      queueForReview({
        incident: "inc-rel-1",
        conversations: new Set(["c-1", "c-3", "never-kept"].map((id) => conversationKey("acme", id))),
        captures: join(cwd, ".agentctl", "captures"),
        root: cwd,
        clock: systemClock,
      });
    expect(await queue()).toBe(
      "2 of 3 affected conversations wait for review: agentctl review incident:inc-rel-1 --judge RUBRIC",
    );
    expect(await queue()).toBe("conversations wait for review already: agentctl review incident:inc-rel-1");
    const listed = await runCommand(["runs", "list", "--tag", "incident:inc-rel-1", "--json"], { cwd });
    expect(JSON.parse(listed.stdout)).toMatchObject({ runs: [{ planned: 2 }] });
  });

  it("say where they are missing", async () => {
    const result = await runCommand(["canary", "score", "--captures", "nowhere"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("nowhere");
  });
});
