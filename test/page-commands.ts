import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { pageText, root } from "./pages.js";
import { temporaryFolder } from "./run-cli.js";

/** Commands of a page that run together, and what the page shows of their output. */
export interface PageStep {
  /** Line of the page where the commands begin. */
  readonly line: number;
  readonly commands: string;
  readonly captures: readonly string[];
}

/** A line of a capture that stands for lines left out. */
const LEFT_OUT = "[…]";

/** Blocks of `sh` in their order, each with the blocks of `text` that follow it. */
export function stepsOf(path: string): readonly PageStep[] {
  const page = pageText(path);
  const steps: { line: number; commands: string; captures: string[] }[] = [];
  for (const match of page.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)) {
    const [, language, text = ""] = match;
    const line = page.slice(0, match.index).split("\n").length;
    if (language === "sh") steps.push({ line, commands: text, captures: [] });
    else steps.at(-1)?.captures.push(text);
  }
  return steps;
}

export interface PageShell {
  readonly folder: string;
  /** Runs the commands as a reader would, and stops at the first that fails; what they print on stdout. */
  run(step: PageStep): Promise<string>;
  remove(): void;
}

/** An empty folder, with `agentctl` on the path and an author for git. */
export function pageShell(): PageShell {
  const place = temporaryFolder();
  const folder = join(place, "project");
  const programs = join(place, "bin");
  const home = join(place, "home");
  for (const path of [folder, programs, home]) mkdirSync(path);
  symlinkSync(join(root, "bin", "agentctl.js"), join(programs, "agentctl"));
  const env = {
    PATH: `${programs}${delimiter}${process.env.PATH ?? ""}`,
    HOME: home,
    GIT_AUTHOR_NAME: "ann",
    GIT_AUTHOR_EMAIL: "ann@example.org",
    GIT_COMMITTER_NAME: "ann",
    GIT_COMMITTER_EMAIL: "ann@example.org",
  };
  return {
    folder,
    async run({ line, commands }) {
      const done = await execa("bash", ["-euo", "pipefail", "-c", commands], {
        cwd: folder,
        env,
        extendEnv: false,
        reject: false,
      });
      expect(done.exitCode, `line ${line}: ${commands}\n${done.stdout}\n${done.stderr}`).toBe(0);
      return done.stdout;
    },
    remove: () => rmSync(place, { recursive: true }),
  };
}

/**
 * Holds an output to what a page shows of it: every line, in its order, and with nothing between two lines but where
 * the page says that lines are left out. Ids of runs, and the widths that columns take, may differ.
 */
export function expectShown({ line, captures }: PageStep, output: string): void {
  const printed = comparable(output);
  for (const capture of captures) {
    let position = -1;
    let mayJump = true;
    for (const shown of comparable(capture)) {
      if (shown === LEFT_OUT) {
        mayJump = true;
        continue;
      }
      const found = mayJump ? printed.indexOf(shown, position + 1) : position + 1;
      expect(printed[found], `line ${line}: the program no longer prints "${shown}":\n${output}`).toBe(shown);
      position = found;
      mayJump = false;
    }
  }
}

function comparable(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
}
