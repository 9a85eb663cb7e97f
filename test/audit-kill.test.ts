import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { execa } from "execa";
import { expect, it } from "vitest";
import { auditStoredTrial } from "../src/eval/audit/audit-stored-trial.js";
import { AuditLog } from "../src/runtime/audit/audit-log.js";
import { initialisedProject, runCli, startCli, temporaryFolder } from "./run-cli.js";

const KILLS = [1, 16];

function storedTrials(file: string): readonly { readonly case_id: string; readonly trial: number }[] {
  if (!existsSync(file)) return [];
  const database = new Database(file, { readonly: true });
  try {
    return database
      .prepare<[], { case_id: string; trial: number }>("SELECT case_id, trial FROM trials")
      .all();
  } catch {
    return [];
  } finally {
    database.close();
  }
}

it("kill -9 while trials are stored: each stored trial is whole, after each kill and after the resumption", async () => {
  const cwd = await initialisedProject();
  const file = join(cwd, ".agentctl", "agentctl.db");
  let args = ["eval", "--suite", "bipia", "-n", "40", "--quiet"];
  for (const kill of KILLS) {
    const running = startCli(args, { cwd });
    while (storedTrials(file).length < kill) await new Promise((resolve) => setTimeout(resolve, 5));
    running.kill("SIGKILL");
    await running;
    for (const { case_id, trial } of storedTrials(file).slice(-6)) {
      expect(auditStoredTrial("latest", case_id, { trial }, cwd)).toMatchObject({
        verdict: "whole",
        problems: [],
      });
    }
    args = ["eval", "--resume", "--quiet"];
  }
  await runCli(args, { cwd });
  const stored = storedTrials(file);
  expect(stored).toHaveLength(40);
  for (const { case_id, trial } of stored.slice(0, 10)) {
    expect(auditStoredTrial("latest", case_id, { trial }, cwd).verdict).toBe("whole");
  }
  const { exitCode, stdout } = await runCli(["trace", "latest", stored[0]?.case_id ?? "", "--audit"], {
    cwd,
  });
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("as they were written") as string,
  });
  const database = new Database(file);
  database.exec("UPDATE bodies SET trial = replace(trial, 'send_email', 'read_email')");
  database.close();
  const tampered = await runCli(["trace", "latest", stored[0]?.case_id ?? "", "--audit"], { cwd });
  expect(tampered).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("TAMPERED") as string });
}, 60_000);

it("two processes append at once to one chain", async () => {
  const file = join(temporaryFolder(), "audit.db");
  const program = `
    import { AuditLog } from ${JSON.stringify(join(import.meta.dirname, "..", "src", "runtime", "audit", "audit-log.ts"))};
    const log = new AuditLog(process.argv[1]);
    for (let row = 0; row < 60; row++) log.append([{ subject: process.argv[2], body: { kind: "x", row } }]);`;
  const append = (name: string) =>
    execa(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program, file, name], {
      cwd: join(import.meta.dirname, ".."),
    });
  await Promise.all([append("one"), append("two")]);
  const log = new AuditLog(file);
  expect(log.check()).toMatchObject({ rows: 120, problems: [], head: { sequence: 120 } });
  expect(log.about("two").map(({ row }) => row)).toEqual(Array.from({ length: 60 }, (_, row) => row));
  log.close();
});
