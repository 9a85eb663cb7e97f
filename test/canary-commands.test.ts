import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { samplePlan } from "../src/release/journal/testing/journal-samples.js";
import type { ReleaseEvent } from "../src/release/machine/release-event.js";
import { CanaryProject, UP_TO_BAKING, UP_TO_SUCCESS } from "./canary-project.js";
import { documentOf } from "./json-documents.js";
import { startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const WAITS: readonly ReleaseEvent[] = [{ type: "plan-frozen" }, { type: "preflight-passed" }];

let project: CanaryProject;
beforeEach(async () => {
  project = await CanaryProject.create();
});
afterEach(async () => {
  await project.remove();
  rmSync(project.folder, { recursive: true });
});

const canary = (...args: string[]) => runCommand(["canary", ...args], { cwd: project.folder });
const stateOf = (id: string) => project.journal.get(id)?.state.name;

describe("canary status", () => {
  it("exits with the state", async () => {
    const codes: Record<string, number> = {};
    project.release("rel-1", UP_TO_BAKING);
    const look = async (exitCode: number) => {
      const status = await documentOf("canary-status", ["canary", "status"], {
        cwd: project.folder,
        exitCode,
      });
      const { outcome } = status as unknown as { outcome: string };
      codes[outcome] = exitCode;
      return status;
    };
    expect(await look(4)).toMatchObject({
      release: { id: "rel-1", state: { text: "BAKING(0)", step: 0 } },
      confirmedBps: 100,
      controller: null,
      takes: ["extend", "pause", "rollback"],
      last: { event: "split-verified" },
    });
    const shown = await canary("status");
    expect(shown.stdout).toContain("rel-1  support  BAKING(0) since");
    expect(shown.stdout).toMatch(/> +1 % +bakes 1m to 4m, 10 conversations; since/);
    const lease = project.journal.seizeLease("support", "test", Date.now(), 1000);
    const moveTo = (name: "ROLLBACK_HELD" | "ROLLED_BACK" | "SUCCEEDED") =>
      project.journal.append("rel-1", { epoch: lease.epoch, at: 0, rows: [], patch: { state: { name } } });
    moveTo("ROLLBACK_HELD");
    await look(3);
    moveTo("ROLLED_BACK");
    await look(1);
    moveTo("SUCCEEDED");
    await look(0);
    expect(codes).toEqual({ live: 4, held: 3, "rolled-back": 1, promoted: 0 });
  });

  it("says what is missing", async () => {
    const none = await canary("status");
    expect(none).toMatchObject({ exitCode: 2 });
    expect(none.stderr).toContain("service support: expected a release, found none in the journal");
    const noFile = await canary("status", "--release", "other.yaml");
    expect(noFile.stderr).toContain(
      "other.yaml expected a release file, found no file\nnext: name another with --release; docs/canary-plan.md shows one",
    );
    expect(noFile.exitCode).toBe(2);
    const aFolder = await canary("history", "--release", ".");
    expect(aFolder.stderr).toContain("expected a release file, found a folder");
    expect(aFolder.exitCode).toBe(2);
  });
});

describe("requests", () => {
  it("stay in the journal for the next controller, with who and why", async () => {
    project.release("rel-1", UP_TO_BAKING);
    const cwd = project.folder;
    expect(
      await documentOf("canary-request", ["canary", "pause", "--actor", "bo", "--reason", "incident"], {
        cwd,
      }),
    ).toMatchObject({ outcome: "waiting", hasController: false, actor: "bo", reason: "incident" });
    await canary("extend", "--by", "30m", "--actor", "bo");
    const by = { actor: "bo" };
    expect(project.journal.requests("rel-1").map(({ event }) => event)).toEqual([
      { type: "pause-requested", ...by, reason: "incident" },
      { type: "extended", ...by, reason: "extend requested", byMs: 1_800_000 },
    ]);
  });

  it("wait for the controller that lives", async () => {
    project.release("rel-1", UP_TO_BAKING);
    const { journal } = project;
    const lease = journal.acquireLease("support", "controller", Date.now(), 60_000);
    const asking = startCli(["canary", "pause", "--actor", "bo"], { cwd: project.folder });
    const answer = setInterval(() => {
      const [request] = journal.requests("rel-1");
      if (request === undefined) return;
      const state = { name: "PAUSED", step: 0, reason: "requested" } as const;
      journal.append("rel-1", { epoch: lease.epoch, at: Date.now(), rows: [], patch: { state } });
      journal.answered(request.id, lease.epoch);
    }, 20);
    const { stdout } = await asking;
    clearInterval(answer);
    expect(stdout).toBe("rel-1: pause by bo, done: PAUSED(0, requested)");
  });

  it("are refused to whom the role is not given, and by the state, and that is recorded", async () => {
    const plan = { needsApproval: true, releaseManagers: ["mia", "ana"], fourEyes: true };
    project.release("rel-1", WAITS, plan);
    const stranger = await canary("approve", "--actor", "bo");
    expect(stranger).toMatchObject({ exitCode: 2 });
    expect(stranger.stderr).toContain("approve wants a release manager (mia, ana), found bo");
    const author = await canary("approve", "--actor", "Ana");
    expect(author.stderr).toContain("approve wants a second person: Ana is the author of this release");
    const early = await canary("resume", "--actor", "bo");
    expect(early.stderr).toContain("resumed is not possible in AWAITING_APPROVAL");
    expect(project.journal.requests("rel-1")).toEqual([]);
    const refused = project.journal.rows("rel-1").filter(({ event }) => event === "refused");
    expect(refused.map(({ actor }) => actor)).toEqual(["bo", "Ana", "bo"]);
    expect((await canary("approve", "--actor", "mia")).exitCode).toBe(0);
    expect(project.journal.requests("rel-1")).toHaveLength(1);
  });
});

describe("canary rollback", () => {
  it("acts by itself when the controller is gone, fences it, and does nothing the second time", async () => {
    project.release("rel-1", UP_TO_BAKING);
    const dead = project.journal.seizeLease("support", "dead", Date.now() - 60_000, 30_000);
    expect(project.split.bps).toBe(100);
    const cwd = project.folder;
    const args = ["canary", "rollback", "--actor", "bo", "--reason", "errors"];
    const first = await documentOf("canary-rollback", args, { cwd });
    expect(first).toMatchObject({ outcome: "rolled-back", by: "command", splitBps: 0, actor: "bo" });
    expect([project.split.bps, stateOf("rel-1")]).toEqual([0, "ROLLED_BACK"]);
    const rows = project.journal.rows("rel-1");
    const order = rows.filter(({ event }) => event === "set-split").slice(-2);
    expect(order.map(({ kind, targetBps }) => [kind, targetBps])).toEqual([
      ["intent", 0],
      ["readback", 0],
    ]);
    expect(rows.find(({ event }) => event === "abort-requested")).toMatchObject({
      actor: "bo",
      reason: "errors",
    });
    expect(rows.every(({ epoch }, index) => epoch >= (rows[index - 1]?.epoch ?? 0))).toBe(true);
    const late = () => project.journal.append("rel-1", { epoch: dead.epoch, at: 0, rows: [] });
    expect(late).toThrow("somebody else took over");
    const again = await documentOf("canary-rollback", args, { cwd });
    expect(again).toMatchObject({ outcome: "nothing-live", releaseId: null, by: null });
    expect(project.journal.rows("rel-1")).toHaveLength(rows.length);
  });

  it("waits for nobody's name", async () => {
    project.release("rel-1", UP_TO_BAKING);
    const { exitCode, stderr } = await canary("rollback", "--actor", "\u200b", "--reason", "errors");
    expect([exitCode, project.split.bps, stateOf("rel-1")]).toEqual([0, 0, "ROLLED_BACK"]);
    expect(stderr).toContain("The rollback goes on, and the journal says somebody");
    const asked = project.journal.rows("rel-1").find(({ event }) => event === "abort-requested");
    expect(asked).toMatchObject({ actor: "somebody", reason: "errors" });
  });

  it("cancels what has no traffic yet", async () => {
    project.release("rel-1", WAITS, { needsApproval: true });
    expect((await canary("rollback")).stdout).toContain("cancelled before any traffic moved");
    expect(stateOf("rel-1")).toBe("CANCELLED");
  });

  it("is not confirmed while the router fails, and goes on where it was", async () => {
    project.release("rel-1", UP_TO_BAKING);
    writeFileSync(join(project.folder, "broken"), "");
    const failed = await canary("rollback", "--timeout", "0.2");
    expect(failed.exitCode).toBe(3);
    expect(failed.stderr).toContain("rollback not confirmed within 0.2 s");
    expect(failed.stderr).toContain("Nobody tries again now.");
    expect([project.split.bps, stateOf("rel-1")]).toEqual([100, "ABORTING"]);
    rmSync(join(project.folder, "broken"));
    expect((await canary("rollback")).exitCode).toBe(0);
    expect([project.split.bps, stateOf("rel-1")]).toEqual([0, "ROLLED_BACK"]);
  });

  it("sends no traffic to a stable version that is down, unless it must", async () => {
    project.release("rel-1", UP_TO_BAKING);
    project.stable.closeAllConnections();
    await new Promise((resolve) => project.stable.close(resolve));
    const held = await canary("rollback");
    expect(held.exitCode).toBe(3);
    expect(held.stdout).toContain("HELD: the stable version does not answer and the new one does");
    expect([project.split.bps, stateOf("rel-1")]).toEqual([100, "ROLLBACK_HELD"]);
    const forced = await canary("rollback", "--force", "--reason", "it leaks");
    expect(forced.exitCode).toBe(0);
    expect([project.split.bps, stateOf("rel-1")]).toEqual([0, "ROLLED_BACK"]);
  });

  it("goes back to a recorded version after a promotion", async () => {
    project.release("rel-1", [...UP_TO_BAKING, ...UP_TO_SUCCESS]);
    expect(project.split.bps).toBe(10_000);
    expect((await canary("rollback")).stdout).toContain("rollback --to stable-1 goes back");
    const cwd = project.folder;
    const unknown = await canary("rollback", "--to", "rel-9");
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain("no version rel-9 was stable or promoted");
    const back = await documentOf("canary-rollback", ["canary", "rollback", "--to", "stable-1"], { cwd });
    expect(back).toMatchObject({
      outcome: "pointed-back",
      splitBps: 0,
      stable: { agentVersion: "stable-1" },
    });
    expect([project.split.bps, project.journal.stable("support")?.agentVersion]).toEqual([0, "stable-1"]);
    const forth = await documentOf("canary-rollback", ["canary", "rollback", "--to", "rel-1"], { cwd });
    expect(forth).toMatchObject({ splitBps: 10_000, stable: { agentVersion: "canary-rel-1" } });
  });
});

describe("canary history and export", () => {
  it("keep every row of every release, and check the hashes", async () => {
    project.release("rel-1", UP_TO_BAKING);
    await canary("rollback", "--actor", "bo");
    project.release("rel-2", WAITS);
    const cwd = project.folder;
    const history = await documentOf("canary-history", ["canary", "history"], { cwd });
    const { releases } = history as unknown as { releases: { id: string; rows: { seq: number }[] }[] };
    expect(releases.map(({ id }) => id)).toEqual(["rel-2", "rel-1"]);
    const all = releases.flatMap(({ rows }) => rows.map(({ seq }) => seq)).sort((a, b) => a - b);
    expect(all).toEqual(all.map((_, index) => index + 1));
    const exported = await documentOf("canary-export", ["canary", "export"], { cwd });
    const { problems, evidence } = exported as unknown as { problems: string[]; evidence: object };
    expect(problems).toEqual([]);
    // The gate report, and the request to roll back.
    expect(Object.keys(evidence)).toHaveLength(2);
    const lines = (await canary("export", "--id", "rel-2")).stdout.split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      "release",
      "row",
      "row",
      "evidence",
    ]);
  });

  it("tell what is missing, and what somebody changed", async () => {
    const { gate } = samplePlan();
    project.release("rel-1", WAITS, { gate: { ...gate, agentVersion: "v3" }, needsApproval: true });
    await canary("rollback");
    const database = new Database(join(project.folder, "releases.db"));
    database.exec(
      "DROP TRIGGER evidence_no_update; UPDATE evidence SET content = '{}' WHERE content LIKE '%request%'",
    );
    database.exec("UPDATE releases SET plan = replace(plan, '0.05', '0.5')");
    database.close();
    const { exitCode, stderr } = await canary("export");
    expect(exitCode).toBe(1);
    const problems = stderr.split("\n").filter((line) => line.startsWith("error: "));
    expect(problems).toEqual([
      expect.stringMatching(/^error: release rel-1: expected a plan of hash \w+, found \w+$/),
      "error: release rel-1: expected a gate report of canary-rel-1, found one of v3",
      `error: release rel-1, gate report: expected evidence ${gate.reportHash}, found none in the journal`,
      expect.stringMatching(/^error: evidence \w+: expected content of that hash, found \w+$/),
    ]);
  });
});
