import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseJudgeFile } from "../src/config/judge/parse-judge-file.js";
import { listJudges } from "../src/eval/judge/calibrate-list.js";
import type { CalibrateFlags } from "../src/eval/judge/calibrate-rules.js";
import { bareSubject } from "../src/judge/bare-subject.js";
import type { ListedJudge } from "../src/judge/calibration/judge-list.js";
import { versionOfJudge } from "../src/judge/run/version-of-judge.js";
import { renderCalibration } from "../src/report/calibration/calibration-text.js";
import { openJudgementStore } from "../src/store/judgement-store.js";
import { calibrate, label, NOON, projectWith, services, vote } from "./calibration-project.js";
import { runCommand } from "./run-command.js";

const JUDGE = `version: 1
name: helpfulness
rubric: { version: "1", text: Does the answer help? }
scale:
  kind: ordinal
  levels:
    - { value: 1, anchor: not at all }
    - { value: 2, anchor: somewhat }
    - { value: 3, anchor: fully }
model: { provider: openai-compatible, name: gpt-4o, base_url: "http://127.0.0.1:1/v1" }
calibration: { expires_days: 14 }
`;
const rubric = "helpfulness";
const EVIL = '<script>alert("x")</script> & \u202e "quoted"';
const items = Array.from({ length: 60 }, (_, index) => `case-${index}/0@abc`);
const truthOf = (index: number) => String((index % 3) + 1);

/** A project with a judge whose verdicts are right but for every tenth item. */
function project(): string {
  const version = versionOfJudge(parseJudgeFile(JUDGE, "judges/helpfulness.yaml"));
  const cwd = projectWith((store) => {
    store.addItems(
      items.map((item, index) =>
        bareSubject({
          item,
          question: EVIL,
          answer: `answer ${index}`,
          slices: { split: index < 40 ? "dev" : "holdout", risk: index % 2 === 0 ? "high" : "low" },
        }),
      ),
    );
    store.addLabels(
      items.map((item, index) => label({ rubric, item, value: truthOf(index), comment: EVIL })),
    );
    const facts = { judge: rubric, rubric, judgeVersion: version, reasoning: EVIL };
    store.addVerdicts(
      items.map((item, index) => vote({ ...facts, item, value: index % 10 === 0 ? "2" : truthOf(index) })),
    );
    store.addVerdicts(items.map((item) => vote({ ...facts, item, judgeVersion: "old", value: "1" })));
  });
  mkdirSync(join(cwd, "judges"));
  writeFileSync(join(cwd, "judges", "helpfulness.yaml"), JUDGE);
  return cwd;
}

let cwd: string;
beforeAll(() => {
  cwd = project();
});

const DAY_MS = 86_400_000;

function list(folder: string, now = NOON): readonly ListedJudge[] {
  return listJudges({}, services(folder, now));
}

describe("a judge file", () => {
  it("is calibrated by its own scale, weights and expiry; older versions are left out", async () => {
    const report = await calibrate(cwd, "helpfulness");
    expect(report).toMatchObject({
      verdict: "calibrated",
      kind: "file",
      metric: "judge.helpfulness",
      categories: ["1", "2", "3"],
      weights: "quadratic",
      model: "openai-compatible/gpt-4o",
      expiresDays: 14,
      counts: { otherVersions: 60 },
    });
    expect(Date.parse(report.expiresAt) - Date.parse(report.at)).toBe(14 * 86_400_000);
    expect(report.agreement.n).toBe(60);
  });

  it("is stored with its report under the hash of the report", async () => {
    const { judgeVersion, at } = await calibrate(cwd, join("judges", "helpfulness.yaml"));
    const store = openJudgementStore(join(cwd, ".agentctl", "judgements.db"));
    const stored = store.calibration(judgeVersion);
    expect(stored).toMatchObject({ judge: rubric, metric: "judge.helpfulness", verdict: "calibrated", at });
    expect(JSON.parse(store.calibrationReport(stored?.reportHash ?? "") ?? "")).toMatchObject({
      at,
      judgeVersion,
    });
    store.close();
  });

  it("counts the holdout alone with --holdout, and shows none of its texts", async () => {
    const report = await calibrate(cwd, "helpfulness", { holdout: true });
    expect(report).toMatchObject({ verdict: "advisory", onlyHoldout: true });
    expect(report.reason).toBe("20 items have a label and a verdict, 30 are the least that calibrates");
    expect(report.disagreements.length).toBeGreaterThan(0);
    expect(report.disagreements.every(({ isHidden, question }) => isHidden && question === null)).toBe(true);
  });

  it("that is worse than it was loses its calibration", async () => {
    const folder = project();
    await calibrate(folder, "helpfulness");
    expect(list(folder)).toMatchObject([
      { judge: rubric, state: "calibrated", verdicts: 60, otherVersions: 60 },
    ]);
    await calibrate(folder, "helpfulness", { floor: 0.99 });
    expect(list(folder)).toMatchObject([{ state: "advisory", calibration: { floor: 0.99, n: 60 } }]);
  });

  it("that changed was never calibrated, and has no verdicts", async () => {
    const folder = project();
    await calibrate(folder, "helpfulness");
    writeFileSync(join(folder, "judges", "helpfulness.yaml"), JUDGE.replace("Does the", "Does this"));
    expect(list(folder)).toMatchObject([{ state: "never", verdicts: 0, calibration: null }]);
    const { stdout, stderr, exitCode } = await runCommand(["judge", "calibrate", "helpfulness"], {
      cwd: folder,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^helpfulness: unusable\n {2}no item has both a label of people and a verdict of the/,
    );
    expect(stderr).toContain("no verdicts of helpfulness of this version (120 of others are left out)");
    expect(stderr).toContain("`agentctl judge run RUN --judge helpfulness` gives some");
  });

  it("counts until its calibration expires", async () => {
    const folder = project();
    await calibrate(folder, "helpfulness");
    expect(list(folder, NOON + 14 * DAY_MS - 1)).toMatchObject([{ state: "calibrated" }]);
    expect(list(folder, NOON + 14 * DAY_MS)).toMatchObject([{ state: "expired" }]);
  });
});

describe("the report", () => {
  it("fits 80 columns, and shows the worst side by side", async () => {
    const report = await calibrate(cwd, "helpfulness");
    const stdout = renderCalibration(report, { useColor: false, columns: 80 });
    expect(stdout).toMatch(/^helpfulness: calibrated\n/);
    expect(stdout).toMatch(/risk high +30 +86\.67 %/);
    expect(stdout).toContain('people "1", judge "2"');
    expect(stdout).not.toMatch(/\u202e|NaN|undefined|null/);
    const widest = Math.max(...stdout.split("\n").map((line) => Array.from(line).length));
    expect(widest).toBeLessThanOrEqual(80);
    const normalised = `${stdout.replace(/version [0-9a-f]{8}/, "version <hash>")}\n`;
    await expect(normalised).toMatchFileSnapshot("__golden__/judge-calibration-80.txt");
  });

  it("is one HTML page that needs nothing else, with all texts escaped", async () => {
    const { stderr } = await runCommand(["judge", "calibrate", "helpfulness", "--html", "c.html"], { cwd });
    expect(stderr).toBe("wrote c.html");
    const html = readFileSync(join(cwd, "c.html"), "utf8");
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toMatch(/<script|\u202e|NaN|undefined|style="|https?:\/\/(?!www\.w3\.org)/);
    expect(html).toContain("Content-Security-Policy");
    expect(html.match(/<svg[^>]*role="img"/g)?.length).toBe(3);
    expect(html.match(/<svg/g)?.length).toBe(html.match(/<\/title><desc>/g)?.length);
    expect(html.length).toBeLessThan(100_000);
  });
});

describe("a mistake says what to do", () => {
  it.each<[string, CalibrateFlags, RegExp]>([
    ["nobody", {}, /judge "nobody": expected a file judges\/nobody\.yaml or a judge with imported verdicts/],
    ["helpfulnes", {}, /did you mean `helpfulness`/],
    ["judges/none.yaml", {}, /judges\/none\.yaml/],
    ["helpfulness", { categories: ["1", "2"] }, /--categories is for imported judges/],
    ["helpfulness", { verdict: "combined" }, /--verdict combined: expected labels of a pair/],
    ["helpfulness", { html: "c.txt" }, /--html c\.txt: expected the extension \.html/],
  ])("%s %j", async (judge, flags, message) => {
    await expect(calibrate(cwd, judge, flags)).rejects.toThrow(message);
  });

  it("ends with exit 2", async () => {
    const command = ["judge", "calibrate", "helpfulness", "--floor", "0"];
    const { stdout, stderr, exitCode } = await runCommand(command, { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toMatch(/expected a number above 0, at most 1/);
  });
});

describe("labels that show nothing", () => {
  it("none: unusable, and it says where there are some", async () => {
    const { stdout, stderr } = await runCommand(["judge", "calibrate", "helpfulness", "--rubric", "other"], {
      cwd,
    });
    expect(stdout).toContain("unusable");
    expect(stderr).toContain(
      "no labels of rubric other; there are labels of `helpfulness`, name one with --rubric",
    );
  });

  it("one class only, or votes in prose: unusable", async () => {
    const folder = projectWith((store) => {
      store.addLabels(items.map((item) => label({ rubric, item, value: "no" })));
      const facts = { judge: "imported", rubric };
      store.addVerdicts(
        items.map((item, index) => vote({ ...facts, item, value: index < 5 ? "yes" : "no" })),
      );
      store.addVerdicts(items.map((item) => vote({ judge: "prose", rubric, item, value: null })));
    });
    const mixed = await calibrate(folder, "imported");
    expect(mixed).toMatchObject({
      verdict: "unusable",
      reason: expect.stringMatching(/^people gave one label only/),
    });
    const prose = await calibrate(folder, "prose");
    expect(prose).toMatchObject({ verdict: "unusable", counts: { nullVerdicts: { unmapped: 60 } } });
  });
});

describe("judges of pairs", () => {
  const PAIRS = `version: 1
name: preference
rubric: { version: "1", text: Which answer is better? }
scale: { kind: pairwise }
heuristic: majority
`;

  it("combine both orders when they are judge files, and keep to the scale of the file when imported", async () => {
    const judgeVersion = versionOfJudge(parseJudgeFile(PAIRS, "judges/preference.yaml"));
    const pairs = items.slice(0, 40);
    const folder = projectWith((store) => {
      const about = { rubric: "preference" };
      store.addLabels(
        pairs.map((item, index) => label({ ...about, item, value: index % 2 === 0 ? "A" : "B" })),
      );
      for (const judge of [{ judge: "preference", judgeVersion }, { judge: "elsewhere" }]) {
        store.addVerdicts(
          pairs.flatMap((item, index) => [
            vote({ ...about, ...judge, item, value: "A" }),
            vote({ ...about, ...judge, item, value: index % 2 === 0 ? "A" : "B", order: "swapped" }),
          ]),
        );
      }
    });
    mkdirSync(join(folder, "judges"));
    writeFileSync(join(folder, "judges", "preference.yaml"), PAIRS);
    const both = await calibrate(folder, "preference");
    expect(both).toMatchObject({ kind: "file", choice: "combined", categories: ["A", "B", "tie"] });
    expect(both.marginals.map(({ judge }) => judge)).toEqual([20, 0, 20]);
    expect(both.order?.position).toMatchObject({ n: 40, firstOnly: 20, secondOnly: 0 });
    const first = await calibrate(folder, "elsewhere");
    expect(first).toMatchObject({ kind: "imported", choice: "first", categories: ["A", "B", "tie"] });
    expect(first).toMatchObject({
      verdict: "unusable",
      reason: "the judge gave one label only, whatever it saw",
    });
  });
});
