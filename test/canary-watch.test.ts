import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CanaryProject, UP_TO_BAKING, UP_TO_SUCCESS } from "./canary-project.js";
import { runCli, startCli } from "./run-cli.js";

let project: CanaryProject;
beforeEach(async () => {
  project = await CanaryProject.create();
});
afterEach(async () => {
  await project.remove();
  rmSync(project.folder, { recursive: true });
});

describe("canary watch into a pipe", () => {
  it("tells where a release stands, each change, and leaves it alone when it is interrupted", async () => {
    project.release("rel-1", UP_TO_BAKING);
    const rows = project.journal.rows("rel-1").length;
    const watching = startCli(["canary", "watch"], { cwd: project.folder });
    let said = "";
    watching.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes("refused by ana")) watching.kill("SIGINT");
      else if (said.includes("NOBODY CONTROLS IT") && !said.includes("told")) {
        said += "told";
        project.journal.note("rel-1", Date.now(), { event: "refused", reason: "not allowed", actor: "ana" });
      }
    });
    const ended = await watching;
    expect(ended.exitCode).toBe(130);
    expect(said).toMatch(/rel-1 of support is BAKING\(0\) since .*, 1 %/);
    expect(said).toMatch(/BAKING\(0\) refused by ana: not allowed/);
    expect(said).not.toContain("\u001b");
    expect(project.journal.rows("rel-1")).toHaveLength(rows + 1);
    expect(project.journal.get("rel-1")?.state.name).toBe("BAKING");
  });

  it("ends with the release, with the exit code of its state", async () => {
    project.release("rel-1", [...UP_TO_BAKING, ...UP_TO_SUCCESS]);
    const ended = await runCli(["canary", "watch"], { cwd: project.folder });
    expect(ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("next: promoted: canary-rel-1"),
    });
  });
});
