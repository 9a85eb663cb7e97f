import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { requireGates } from "../gate/judge-run-gates.js";
import { loadProject } from "../project/load-project.js";

const STARS =
  "{ kind: ordinal, levels: [{ value: 1, anchor: bad }, { value: 3, anchor: fair }, { value: 5, anchor: good }] }";

function gatesWith(rule: string, judgeFiles: { readonly [name: string]: string }) {
  const cwd = mkdtempSync(join(tmpdir(), "agentctl-"));
  mkdirSync(join(cwd, "judges"));
  for (const [name, text] of Object.entries(judgeFiles)) writeFileSync(join(cwd, "judges", name), text);
  const suites = "default_suite: s\nsuites:\n  s: { dataset: d.jsonl, agent: a.yaml }\n";
  writeFileSync(join(cwd, "agentctl.yaml"), `version: 1\n${suites}`);
  writeFileSync(join(cwd, "gates.yaml"), `version: 1\ngates:\n  - ${rule}\n`);
  return requireGates(loadProject(undefined, cwd), "s", cwd, []);
}

const judge = (name: string, scale: string) =>
  `version: 1\nname: ${name}\nrubric: { version: "1", text: "Good?" }\nscale: ${scale}\nheuristic: majority\n`;
const files = {
  "stars.yaml": judge("stars", STARS),
  "b.yml": judge("fine", "{ kind: binary, fail: n, pass: p }"),
};

it("rules may name the project's judges before any run was judged, with limits that fit the scale", () => {
  expect(gatesWith("{ metric: judge.stars, min: 4.0 }", files).gates).toMatchObject([{ min: 4 }]);
  expect(gatesWith("{ metric: judge.fine, min: 0.9 }", files).gates).toMatchObject([{ min: 0.9 }]);
  expect(() => gatesWith("{ metric: judge.fine, min: 4.0 }", files)).toThrow("outside 0 to 1");
});

it("a judge that the project does not have is unknown, with the nearest one", () => {
  expect(() => gatesWith("{ metric: judge.star, min: 4 }", files)).toThrow("did you mean `judge.stars`?");
});

it("a judge file that is wrong concerns rules on judges alone", () => {
  const broken = { "broken.yaml": "version: 1\nname: Broken\n" };
  expect(gatesWith("{ metric: error_rate, max: 0.1 }", broken).gates).toHaveLength(1);
  expect(() => gatesWith("{ metric: judge.stars, min: 4 }", broken)).toThrow("broken.yaml");
});
