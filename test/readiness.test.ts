import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { systemClock } from "../src/core/clock.js";
import { scaffoldProject } from "../src/eval/project/scaffold.js";
import { exitCodeOfReadiness, type ReadinessFlags, scoreReadiness } from "../src/eval/readiness/readiness.js";
import { escapeHtml } from "../src/report/escape-html.js";
import { markdownCell } from "../src/report/markdown-text.js";
import type { ReadinessItem, ReadinessReport } from "../src/report/readiness/readiness-report.js";
import { renderReadiness } from "../src/report/readiness/readiness-text.js";
import { openJudgementStore } from "../src/store/judgement-store.js";
import { sampleLabel, sampleSubject } from "../src/store/testing/judgement-samples.js";
import { chromiumPath } from "./chromium-path.js";
import { fencedBlocks } from "./pages.js";
import { temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const SECRET = "sk-proj-Zq8fJ2mW4xT7vB1nL6cR3yH9";

async function readiness(cwd: string, flags: ReadinessFlags = {}) {
  // Datasets are named relative to where the program was started.
  process.chdir(cwd);
  const { report } = await scoreReadiness(flags, { workingDirectory: cwd, env: {}, clock: systemClock });
  return report;
}

function item({ lists }: ReadinessReport, id: string): ReadinessItem {
  const found = lists.flatMap(({ items }) => items).find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no item ${id}`);
  return found;
}

const statesOf = ({ lists }: ReadinessReport) =>
  Object.fromEntries(lists.flatMap(({ items }) => items.map(({ id, state }) => [id, state] as const)));

let cwd: string;
let report: ReadinessReport;
beforeAll(async () => {
  cwd = temporaryFolder();
  scaffoldProject(cwd);
  await runCommand(["eval"], { cwd });
  report = await readiness(cwd);
}, 60_000);

describe("the starter project", () => {
  it("has before its first run nothing that only a run shows, and is not written to", async () => {
    const fresh = temporaryFolder();
    scaffoldProject(fresh);
    const { runId, lists } = await readiness(fresh);
    expect(runId).toBeNull();
    expect(existsSync(join(fresh, ".agentctl"))).toBe(false);
    const [observability] = lists;
    expect(observability?.items.filter(({ state }) => state === "unknown")).toHaveLength(4);
    expect(observability?.met).toBe(0);
  });

  it("is scored from its files and its run, with places that say what they are said to", () => {
    expect(report.total).toEqual({ met: 12, gap: 22, unknown: 1 });
    const found = item(report, "slos.latency");
    expect(found).toMatchObject({ state: "met", fix: null });
    const [target, measured] = found.evidence;
    const [file = "", line = 0] = target?.place?.split(":") ?? [];
    expect(readFileSync(join(cwd, file), "utf8").split("\n")[Number(line) - 1]).toContain("latency.p95_ms");
    expect(measured).toMatchObject({ place: `run ${report.runId}`, text: expect.stringContaining("n 72") });
    expect(item(report, "observability.retrieved-context").evidence[0]?.text).toMatch(/^\d+ searches, each/);
    expect(item(report, "eval-kit.reviews").evidence[0]?.text).toContain("35 of 35");
    expect(item(report, "reliability.fallback").evidence[0]?.place).toBe("agents/support.yaml:6");
  });

  it("fits 80 columns", () => {
    const lines = renderReadiness(report, { useColor: false, columns: 80 }).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines[0]).toBe("Readiness of support, suite starter: 12 of 35 met, 22 gaps, 1 unknown");
  });

  it("is shown in docs/readiness.md as it is printed", () => {
    const capture =
      fencedBlocks("text").find(({ place }) => place.startsWith("docs/readiness.md"))?.text ?? "";
    const comparable = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) =>
          line.replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN").replaceAll(/[\d.]+ m?s\b/g, "TIME"),
        );
    const printed = comparable(renderReadiness(report, { useColor: false, columns: 80 }));
    const shown = comparable(capture).filter((line) => line !== "[…]");
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((line) => !printed.includes(line))).toEqual([]);
  });

  it("closes a gap by the lines that the item gives, and opens none", async () => {
    const mended = temporaryFolder();
    scaffoldProject(mended);
    const before = await readiness(mended);
    const fixes = before.lists.flatMap(({ items }) =>
      items.flatMap(({ id, fix }) => (fix?.kind === "yaml" ? [{ id, fix }] : [])),
    );
    expect(fixes.length).toBeGreaterThan(12);
    for (const { fix } of fixes) addLines(join(mended, fix.file ?? ""), fix.text);
    const after = statesOf(await readiness(mended));
    const needRun = /^(slos|eval-kit|reliability\.baseline)/;
    for (const { id } of fixes.filter((one) => !needRun.test(one.id))) {
      expect({ id, state: after[id] }).toEqual({ id, state: "met" });
    }
    for (const [id, state] of Object.entries(statesOf(before))) {
      if (state === "met") expect({ id, state: after[id] }).toEqual({ id, state: "met" });
    }
  });
});

/** What stands in the lines is added to what stands in the file: lists grow, tools of the same name get more said. */
function addLines(file: string, lines: string): void {
  const merge = (old: unknown, more: unknown): unknown => {
    if (Array.isArray(old) && Array.isArray(more)) {
      const byName = new Map<unknown, unknown>();
      for (const one of [...old, ...more]) {
        const name = (one as { name?: unknown }).name ?? JSON.stringify(one);
        byName.set(name, merge(byName.get(name), one));
      }
      return [...byName.values()];
    }
    if (old === undefined || typeof old !== "object" || typeof more !== "object") {
      return typeof old === "object" && old !== null ? old : more;
    }
    const record = old as Record<string, unknown>;
    return Object.fromEntries(
      [...new Set([...Object.keys(record), ...Object.keys(more as object)])].map((key) => [
        key,
        key in (more as object) ? merge(record[key], (more as Record<string, unknown>)[key]) : record[key],
      ]),
    );
  };
  writeFileSync(file, stringify(merge(parse(readFileSync(file, "utf8")), parse(lines))));
}

describe("what files and judgements say", () => {
  it("finds a key in a file by its line, and never shows it", async () => {
    const folder = temporaryFolder();
    scaffoldProject(folder);
    const file = join(folder, "agents/support.yaml");
    appendFileSync(file, `# api key: ${SECRET}\n`);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n").length;
    const scored = await readiness(folder);
    expect(item(scored, "reliability.secrets")).toMatchObject({
      state: "gap",
      evidence: [{ place: `agents/support.yaml:${lines}` }],
    });
    expect(JSON.stringify(scored)).not.toContain(SECRET.slice(8));
  });

  it("says of an agent behind HTTP only what can be seen of it", async () => {
    const folder = temporaryFolder();
    scaffoldProject(folder);
    writeFileSync(
      join(folder, "agents/support.yaml"),
      'kind: http\nname: shop\nurl: http://127.0.0.1:9/chat\nheaders: { authorization: "abc" }\nrequest: { q: "{{message}}" }\nresponse: { text: text }\n',
    );
    const scored = await readiness(folder);
    const states = statesOf(scored);
    for (const id of [
      "reliability.fallback",
      "safety.input-guard",
      "safety.tool-permissions",
      "reliability.idempotency",
    ]) {
      expect({ id, state: states[id] }).toEqual({ id, state: "unknown" });
    }
    expect(item(scored, "reliability.secrets").evidence[0]).toMatchObject({
      text: expect.stringContaining("header authorization"),
      place: "agents/support.yaml:4",
    });
  });

  it("counts labels of people on answers of this suite as feedback, and no others", async () => {
    const run = report.runId ?? "";
    const store = openJudgementStore(join(cwd, ".agentctl/judgements.db"));
    const origin = (of: string) => ({ run: of, caseId: "key-reset-01", trial: 0 });
    store.addItems([sampleSubject("elsewhere", { origin: origin("another-run") })]);
    store.addLabels([sampleLabel("a", { item: "elsewhere" })]);
    expect(item(await readiness(cwd), "observability.feedback").state).toBe("gap");
    store.addItems([sampleSubject("here", { origin: origin(run) })]);
    store.addLabels([sampleLabel("b", { item: "here" })]);
    store.close();
    expect(item(await readiness(cwd), "observability.feedback")).toMatchObject({
      state: "met",
      evidence: [{ text: expect.stringMatching(/^1 label of 1 person on answers of suite starter/) }],
    });
  });
});

describe("agentctl readiness", () => {
  it("exits 0 whatever came out, and 2 on files that it cannot write", async () => {
    const { stdout, ...done } = await runCommand(["readiness"], { cwd });
    const refused = await runCommand(["readiness", "-o", "card.pdf"], { cwd });
    expect(done).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("\n✗ gap ");
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("exits 1 where a gap is not wanted, and writes scorecards that hold every item", async () => {
    const flags = ["--fail-on", "gap", "--suite", "starter", "-o", "card.html", "card.md", "card.json"];
    const { stderr, exitCode } = await runCommand(["readiness", ...flags], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toBe("wrote card.html\nwrote card.md\nwrote card.json");
    const [html = "", markdown = "", json = ""] = ["card.html", "card.md", "card.json"].map((name) =>
      readFileSync(join(cwd, name), "utf8"),
    );
    const written = JSON.parse(json) as ReadinessReport;
    for (const { title } of written.lists.flatMap(({ items }) => items)) {
      expect(html).toContain(escapeHtml(title));
      expect(markdown).toContain(markdownCell(title));
    }
  });

  it.each([
    [undefined, { gap: 1, unknown: 1 }, 0],
    ["gap", { gap: 1, unknown: 1 }, 1],
    ["gap", { gap: 0, unknown: 1 }, 0],
    ["unknown", { gap: 1, unknown: 1 }, 1],
    ["unknown", { gap: 0, unknown: 1 }, 4],
    ["unknown", { gap: 0, unknown: 0 }, 0],
  ] as const)("--fail-on %s with %o exits %i", (failOn, counts, exitCode) => {
    expect(exitCodeOfReadiness({ ...report, total: { met: 3, ...counts } }, failOn)).toBe(exitCode);
  });
});

const executablePath = chromiumPath;
describe.skipIf(executablePath === undefined)("the scorecard in Chromium", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "agentctl-readiness-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([390, 1200])("needs no network and no script, and fits %i pixels", async (width) => {
    await readiness(cwd, { output: [join(folder, "card.html")] });
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox"],
    });
    try {
      const context = await browser.newContext({ offline: true, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on("console", (message) => troubles.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) troubles.push(request.url());
      });
      await page.goto(pathToFileURL(join(folder, "card.html")).href);
      const found = await page.evaluate(`({
        width: document.documentElement.scrollWidth,
        scripts: document.scripts.length,
        items: document.querySelectorAll("article.item").length,
        headings: [...document.querySelectorAll("h1,h2,h3")].map((one) => Number(one.tagName[1]))
          .every((level, index, all) => index === 0 || level <= all[index - 1] + 1),
        dead: [...document.querySelectorAll("a")].filter((a) => document.getElementById(a.hash.slice(1)) === null).length,
        unstyled: [...document.querySelectorAll(".share i")].some((bar) => getComputedStyle(bar).display !== "block"),
      })`);
      expect(found).toEqual({ width, scripts: 0, items: 35, headings: true, dead: 0, unstyled: false });
      expect(troubles).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
