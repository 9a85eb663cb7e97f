import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serve } from "../src/release/endpoints/testing/serve.js";
import { documentOf as documentBy } from "./json-documents.js";
import { fencedBlocks } from "./pages.js";
import { startCli, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const cwd = temporaryFolder();
const CALM = ["--max-lag", "5s"];
const documentOf = (kind: string, args: readonly string[]) => documentBy(kind, args, { cwd });

/** Lines without what differs from run to run: addresses, figures, and the widths that columns take. */
function comparable(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
        .replaceAll(/\d+(\.\d+)?/g, "N")
        .replaceAll(/(\S) {2,}/g, "$1  ")
        .trimEnd(),
    );
}

function capture(start: string): readonly string[] {
  const blocks = fencedBlocks("text").filter(({ place }) => place.startsWith("docs/endpoints.md"));
  const found = blocks.find(({ text }) => text.startsWith(`$ agentctl endpoint ${start}`));
  if (found === undefined) throw new Error(`docs/endpoints.md shows no ${start}`);
  return comparable(found.text).slice(1);
}

describe("agentctl endpoint", () => {
  it("check shows what docs/endpoints.md shows", async () => {
    const { url } = await serve({ ttftMs: 20, gapMs: 5 });
    const { stdout, exitCode } = await runCommand(["endpoint", "check", url], { cwd });
    expect(exitCode).toBe(0);
    expect(comparable(stdout)).toEqual(capture("check"));
  });

  it("bench shows what docs/endpoints.md shows", async () => {
    const { url } = await serve({ ttftMs: 20, gapMs: 5, tokens: 8, places: 4 });
    const args = [
      "endpoint",
      "bench",
      url,
      "--sweep",
      "10,100",
      "--duration",
      "1s",
      "--slo",
      "ttft=200ms",
      ...CALM,
    ];
    const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
    expect({ exitCode, notes: stderr.split("\n").length }).toEqual({ exitCode: 0, notes: 2 });
    // Which quantiles are claimed hangs on how many requests came; the rows and their order do not.
    const rows = (lines: readonly string[]) => lines.map((line) => line.split("  ")[0]);
    expect(rows(comparable(stdout))).toEqual(rows(capture("bench")));
    expect(stdout).toMatch(/^knee: at 100?\/s: goodput/m);
  });

  it("lora shows what docs/endpoints.md shows", async () => {
    const { url } = await serve();
    const load = ["endpoint", "lora", "load", url, "--name", "support-v2", "--path", "/adapters/support-v2"];
    const { stdout } = await runCommand(load, { cwd });
    expect(comparable(stdout)).toEqual(capture("lora load"));
    expect((await runCommand(load, { cwd })).stdout).toContain("support-v2: nothing to do");
  });

  it("prints one document each", async () => {
    const { url } = await serve();
    const other = await serve({ gaps: ["logprobs"] });
    const check = await documentOf("endpoint-check", ["endpoint", "check", url, "--against", other.url]);
    expect(check.differences).toContainEqual({ what: "logprobs", first: "pass", second: "fail" });
    writeFileSync(join(cwd, "cases.jsonl"), '{"id":"a","input":"Where is my order?"}\n');
    const load = ["--duration", "300ms", "--rate", "40/s", "--dataset", "cases.jsonl", "--quiet", ...CALM];
    const bench = await documentOf("endpoint-bench", ["endpoint", "bench", url, ...load]);
    expect(bench).toMatchObject({ arrivals: "poisson", endpoints: [{ loads: [{ state: "measured" }] }] });
    const adapter = ["--name", "v2", "--path", "/v2"];
    const lora = await documentOf("endpoint-lora", ["endpoint", "lora", "load", url, ...adapter]);
    expect(lora).toMatchObject({
      changed: true,
      adapters: [{ name: "v2", base: "test-model", path: "/v2" }],
    });
    const slow = await serve({ ttftMs: 200, tokens: 1 });
    const warm = ["endpoint", "warm", slow.url, "--requests", "200", "--quiet"];
    expect(await documentOf("endpoint-warm", warm)).toMatchObject({ state: "stable", failed: 0 });
  });

  it("exits with 1 without a required capability, with 3 without an answer, and never shows the key", async () => {
    const server = await serve({ gaps: ["tools"] });
    const env = { ENDPOINT_KEY: "sk-a-secret-of-tests" };
    const args = [
      "endpoint",
      "check",
      server.url,
      "--require",
      "tools,chat",
      "--api-key-env",
      "ENDPOINT_KEY",
    ];
    const lacking = await runCommand(args, { cwd, env });
    expect(lacking.exitCode).toBe(1);
    expect(lacking.stdout).toContain(": lacking tools");
    expect(lacking.stdout + lacking.stderr).not.toContain(env.ENDPOINT_KEY);
    await server.close();
    expect((await runCommand(args, { cwd, env })).exitCode).toBe(3);
    expect((await runCommand(["endpoint", "bench", server.url], { cwd })).exitCode).toBe(3);
    expect((await runCommand(["endpoint", "check", "nowhere"], { cwd })).exitCode).toBe(2);
  });

  it("bench prints what there is at Ctrl-C", async () => {
    const { url, paths } = await serve({ tokens: 1 });
    const args = ["endpoint", "bench", url, "--rate", "50/s", "--duration", "60s", "--json", ...CALM];
    const running = startCli(args, { cwd });
    await expect
      .poll(() => paths.filter((path) => path.includes("chat")).length, { timeout: 10_000 })
      .toBeGreaterThan(9);
    running.kill("SIGINT");
    const { stdout, exitCode } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ endpoints: [{ loads: [{ state: "interrupted" }] }] });
  });
});
