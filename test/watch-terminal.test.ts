import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { Tmux } from "./tmux.js";

const QUESTION = "How do I reset an expired API key?";
const CASES = [
  { id: "returns", input: QUESTION, expect: { must_include: ["identity verification"] } },
  { id: "wrong", input: QUESTION, expect: { must_include: ["99 days"] } },
];
const GATES = "version: 1\ngates:\n  - { metric: task.success, min: 0.4 }\n";
/** On a machine with nothing else to do it is a tenth of this. */
const SLOWEST_SECONDS = 5;

let cwd: string;
let terminal: Tmux;
const latencies: string[] = [];
const write = (file: string, text: string) => writeFileSync(join(cwd, file), text);
const writeCases = (cases: readonly object[]) =>
  write("datasets/starter.jsonl", cases.map((one) => `${JSON.stringify(one)}\n`).join(""));

beforeAll(async () => {
  cwd = await initialisedProject();
  writeCases(CASES);
  write("gates.yaml", GATES);
  terminal = new Tmux(["eval", "--watch"], { cwd, columns: 120, rows: 50 });
});
afterAll(() => {
  terminal.close();
  console.log(`from the save to the result: ${latencies.join(", ")}`);
});

/** Waits for a round that a save began, and holds it to its latency. */
async function afterSave(what: string, result: RegExp): Promise<string> {
  const screen = await terminal.until(new RegExp(`${result.source}.*after the save`, "s"));
  const seconds = Number(/([\d.]+) s after the save(?!.*after the save)/s.exec(screen)?.[1]);
  latencies.push(`${what} ${seconds} s`);
  expect(seconds).toBeLessThan(SLOWEST_SECONDS);
  return screen;
}

it("shows the first round, and how to find the keys", async () => {
  const screen = await terminal.until(/watching; h lists the keys/);
  expect(screen).toMatch(/1 passed, 1 failed; 2 trials ran; gate pass; [\d.]+ s in all/);
  terminal.press("h");
  await terminal.until(/r run all, f failing cases only.*watching; h lists the keys$/s);
});

it("runs what a save makes out of date, and says what changed by it", async () => {
  writeCases(CASES.map((one) => ({ ...one, expect: CASES[0]?.expect })));
  const fixed = await afterSave("a line of the golden set", /fixed +wrong/);
  expect(fixed).toMatch(/starter\.jsonl changed.*2 passed, 0 failed; 1 trial ran/s);
  writeCases(CASES);
  await afterSave("another", /broke +wrong/);
  write("agents/prompts/support.md", "Answer briefly.\n");
  await afterSave("the prompt", /support\.md changed.*still failed +wrong.*2 trials ran/s);
  write("gates.yaml", GATES.replace("0.4", "0.9"));
  await afterSave("the rules", /gates\.yaml changed.*0 trials ran; gate fail \(task\.success\)/s);
});

it("tells of a broken file with its place, and goes on when it is mended", async () => {
  const agent = readFileSync(join(cwd, "agents/support.yaml"), "utf8");
  write("agents/support.yaml", `${agent}\nbogus: [1\n`);
  const broken = await terminal.until(/error CONFIG_INVALID; the results above stand until it is mended/);
  expect(broken).toMatch(/support\.yaml:\d+/);
  write("agents/support.yaml", `${agent}\n`);
  await terminal.until(/CONFIG_INVALID.*2 trials ran; gate fail/s);
});

it("takes the keys r, f, p and q, and leaves the terminal as it was", async () => {
  terminal.press("r");
  await terminal.until(/\nall cases\n.*2 trials ran; gate fail.*watching/s);
  terminal.press("f");
  await terminal.until(/failing cases\n.*1 trial ran.*watching/s);
  terminal.press("p");
  await terminal.until(/\npaused\npaused; p goes on$/);
  write("agents/prompts/support.md", "Answer at length.\n");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(terminal.screen()).toMatch(/\npaused\npaused; p goes on$/);
  // What a key asks for runs all the same, and leaves the watch held.
  terminal.press("r");
  await terminal.until(/\npaused\n.*2 trials ran.*paused; p goes on$/s);
  terminal.press("p");
  await terminal.until(/\ngoes on\n.*watching; h lists the keys$/s);
  terminal.press("q");
  const end = await terminal.until(/exit code \d+/);
  expect(end).toMatch(/\ngoes on\nexit code 0$/);
  // The line editor of the terminal echoes again.
  terminal.press("typed", "Enter");
  await terminal.until(/typed\s+typed/);
});
