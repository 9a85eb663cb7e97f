import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { refuseLostJournal } from "./refuse-lost-journal.js";

const root = mkdtempSync(join(tmpdir(), "agentctl-journal-"));
const workspace = join(root, "work");
const disk = join(root, "disk");
for (const folder of [workspace, disk]) mkdirSync(folder);
symlinkSync(disk, join(workspace, ".agentctl"));
symlinkSync(workspace, join(root, "link"));
afterAll(() => rmSync(root, { recursive: true }));

describe("refuseLostJournal", () => {
  it.each([
    ["in the checkout", "GITHUB_WORKSPACE", "work/releases.db"],
    ["in a folder of it that is not there yet", "GITHUB_WORKSPACE", "work/new/releases.db"],
    ["in it by a link", "GITHUB_WORKSPACE", "link/releases.db"],
    ["in the folder for temporary files", "RUNNER_TEMP", "work/releases.db"],
    ["in a checkout of GitLab", "CI_PROJECT_DIR", "work/..releases.db"],
  ])("refuses one %s", (_, name, file) => {
    expect(() => refuseLostJournal(join(root, file), { [name]: workspace })).toThrow(
      `is in ${name}, which the next job begins without`,
    );
  });

  it.each([
    ["elsewhere", "disk/releases.db", { GITHUB_WORKSPACE: workspace }],
    ["behind a link that leads out", "work/.agentctl/releases.db", { GITHUB_WORKSPACE: workspace }],
    ["beside a folder of a like name", "work-2/releases.db", { GITHUB_WORKSPACE: workspace }],
    ["outside of CI", "work/releases.db", { GITHUB_WORKSPACE: "" }],
  ])("accepts one %s", (_, file, env) => {
    expect(() => refuseLostJournal(join(root, file), env)).not.toThrow();
  });
});
