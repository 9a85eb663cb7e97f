import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { gateLines } from "./gate-lines.js";

function files(texts: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-gates-"));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}

it("finds rules by the names that reports give them, the second of one name by its number", () => {
  const folder = files({
    "gates.yaml": [
      "version: 1",
      "gates:",
      "  - { metric: task.success, min: 0.9 }",
      "  # a remark",
      "  - metric: task.success",
      "    min: 0.5",
      "  - { name: fast, metric: latency.p95_ms, max: 10 }",
      "slices:",
      "  - { metric: task.success, by: [tag], min: 0.5 }",
    ].join("\r\n"),
  });
  const file = join(folder, "gates.yaml");
  const lineOf = gateLines(file);
  expect(lineOf("task.success")).toEqual({ file, line: 3 });
  expect(lineOf("task.success #2")).toEqual({ file, line: 5 });
  expect(lineOf("fast")?.line).toBe(7);
  expect(lineOf("task.success by tag")?.line).toBe(9);
  expect(lineOf("nothing")).toBeNull();
});

it("looks through imported files, also when they import each other, and lives with missing ones", () => {
  const folder = files({
    "gates.yaml": "version: 1\nimports: [more.yaml, gone.yaml]\ngates: [{ name: own, metric: a, min: 0 }]\n",
    "more.yaml": "version: 1\nimports: [gates.yaml]\ngates:\n  - { name: imported, metric: a, min: 0 }\n",
  });
  const lineOf = gateLines(join(folder, "gates.yaml"));
  expect(lineOf("imported")).toEqual({ file: join(folder, "more.yaml"), line: 4 });
  expect(lineOf("own")?.line).toBe(3);
  expect(gateLines(join(folder, "gone.yaml"))("own")).toBeNull();
});
