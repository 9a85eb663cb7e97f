import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { servedEvent } from "../src/release/evidence/testing/live-events.js";
import { CanaryProject, UP_TO_BAKING } from "./canary-project.js";
import { Tmux } from "./tmux.js";

let project: CanaryProject;
let terminal: Tmux;

beforeAll(async () => {
  project = await CanaryProject.create();
  project.release("rel-1", UP_TO_BAKING);
  const events = join(project.folder, ".agentctl", "events");
  mkdirSync(events, { recursive: true });
  const usage = { inputTokens: 1_200, outputTokens: 85 };
  const lines = (["canary", "stable", "stable"] as const).flatMap((arm, index) => {
    const id = `c-${index}`;
    return [0, 1].map((turn) =>
      JSON.stringify(servedEvent(`${id}-${turn}`, id, { arm, bps: 100, usage }, Date.now() + 1_000 + turn)),
    );
  });
  writeFileSync(join(events, "live.jsonl"), `${lines.join("\n")}\n`);
  terminal = new Tmux(["canary", "watch"], { cwd: project.folder, columns: 80 });
});
afterAll(async () => {
  terminal.close();
  await project.remove();
  rmSync(project.folder, { recursive: true });
});

it("shows a release that nobody controls, its arms with cost and tokens, and leaves it alone at q", async () => {
  const screen = await terminal.until(/q quit \(the release goes on\)$/);
  expect(screen).toMatch(
    /^rel-1 support {2}BAKING\(0\) since .*\nnext {4}NOBODY CONTROLS IT: agentctl canary start/,
  );
  expect(screen.split("\n").filter((line) => /^(arm|canary|stable) /.test(line))).toEqual([
    "arm     convs  requests   failed     p50/p95  first tok.     cost     tokens",
    "canary      1         2  0 (0 %)  400/400 ms       90 ms  $0.0020  2,400+170",
    "stable      2         4  0 (0 %)  400/400 ms       90 ms  $0.0040  2,400+170",
  ]);
  terminal.press("q");
  expect(await terminal.until(/exit code \d+/)).toMatch(/\nexit code 4$/);
  expect(project.journal.get("rel-1")?.state.name).toBe("BAKING");
});
