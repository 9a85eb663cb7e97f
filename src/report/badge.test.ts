import { expect, it } from "vitest";
import { renderBadge, renderBadgeEndpoint } from "./badge.js";
import { HOSTILE, sampleReport } from "./testing/report-samples.js";

it("shows verdict and trials, and says them to a screen reader", () => {
  const svg = renderBadge(sampleReport());
  const { passed, failed } = sampleReport().totals;
  expect(svg).toContain(
    `aria-label="agentctl starter: fail · ${passed} of ${passed + failed} trials passed"`,
  );
  expect(svg).toContain("#cf222e");
  expect(svg).not.toMatch(/href|url\(|<script/);
});

it("never makes 0 or 100 % of a run without scored trials", () => {
  const totals = { ...sampleReport().totals, passed: 0, failed: 0 };
  expect(renderBadge(sampleReport({ totals, gate: null }))).toContain("agentctl starter: nothing scored");
});

it("is an endpoint of shields.io", () => {
  expect(JSON.parse(renderBadgeEndpoint(sampleReport()))).toMatchObject({
    schemaVersion: 1,
    label: "agentctl starter",
    color: "#cf222e",
    isError: false,
  });
});

it("escapes a hostile name of a suite", () => {
  const { run } = sampleReport();
  const svg = renderBadge(sampleReport({ run: { ...run, suite: HOSTILE } }));
  expect(svg).not.toContain("<script>");
  expect(svg.match(/<svg/g)).toHaveLength(1);
});
