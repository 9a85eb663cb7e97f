import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.js";
import { HIDDEN, HOSTILE, projectWithRuns, SECRET, ViewProcess } from "./view-browser.js";

let cwd: string;
let view: ViewProcess;
let cookie: string;
let runs: readonly string[];

beforeAll(async () => {
  ({ cwd, runs } = await projectWithRuns());
  view = await ViewProcess.start(cwd);
  cookie = await view.cookie();
}, 60_000);
afterAll(async () => {
  expect(await view.stop()).toMatchObject({ exitCode: 0, stdout: view.url });
});

const asked = (path: string, headers = {}, method = "GET") => view.ask(path, { cookie, ...headers }, method);

describe("agentctl view over HTTP", () => {
  it("starts at once, and lets in whoever has the link", async () => {
    expect(view.startMs).toBeLessThan(3_000);
    const opened = await view.ask(`/trends${new URL(view.url).search}&suite=starter`);
    expect(opened).toMatchObject({ status: 303, headers: { location: "/trends?suite=starter" } });
    expect(String(opened.headers["set-cookie"])).toContain("HttpOnly; SameSite=Lax");
    expect((await view.ask("/")).status).toBe(403);
    expect((await view.ask("/?token=wrong")).status).toBe(403);
    expect((await view.ask(`//example.org/${new URL(view.url).search}`)).headers.location).toBe(
      "/example.org/",
    );
  });

  it.each([
    [{ host: "evil.example" }, 421],
    [{ host: "evil.example:80" }, 421],
    [{ cookie: "agentctl_view_1=x" }, 403],
  ])("%j gets no page", async (headers, status) => {
    const answer = await asked("/", headers);
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(runs[0]);
  });

  it("gives its data to its own pages alone, and changes nothing", async () => {
    expect((await asked("/?part=rows", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await asked("/?part=rows", { origin: "http://evil.example" })).status).toBe(403);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect(await asked("/", {}, method)).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
    const head = await asked("/", {}, "HEAD");
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" });
  });

  it.each([
    ["/nothing", 404],
    ["/runs/nope", 404],
    ["/runs/%E0%A4%A", 404],
    ["/cases/nope", 404],
    ["/runs/latest/cases/key-reset-01/trials/99", 404],
    ["/runs/latest/cases/kept-back/trials/0?part=trace", 404],
    ["/compare?baseline=latest", 400],
    ["/compare?baseline=latest&candidate=latest", 400],
    ["/?page=99999999999999999999&suite=none", 200],
    ["/trends?metric=nope", 200],
  ])("%s is answered %i, by a page", async (path, status) => {
    const answer = await asked(path);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it("shows no secret, no text of a holdout case, and no text as markup", async () => {
    const [, candidate = ""] = runs;
    const paths = [
      "/",
      `/runs/${candidate}`,
      `/compare?baseline=${runs[0]}&candidate=${candidate}`,
      "/cases/hostile",
      "/cases/kept-back",
      `/runs/${candidate}/cases/hostile/trials/0`,
      `/runs/${candidate}/cases/hostile/trials/0?part=trace`,
      `/runs/${candidate}/cases/kept-back/trials/0`,
      `/?q=${encodeURIComponent(HOSTILE)}`,
      `/trends?metric=${encodeURIComponent(HOSTILE)}`,
    ];
    for (const path of paths) {
      const { status, text } = await asked(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(HIDDEN);
      if (!path.includes("part=")) expect(text).not.toContain("<img src=x");
    }
  });

  it("takes a tag or a beginning for a run, and the older one of two as the baseline", async () => {
    expect((await asked("/runs/main")).headers.location).toBe(`/runs/${runs[0]}`);
    expect((await asked(`/compare?run=${runs[1]}&run=${runs[0]}`)).headers.location).toBe(
      `/compare?baseline=${runs[0]}&candidate=${runs[1]}`,
    );
  });

  it("agrees with the report of the run on verdict, rate, cost and time", async () => {
    const report = JSON.parse((await runCommand(["runs", "show", runs[1] ?? "", "--json"], { cwd })).stdout);
    const { html } = JSON.parse((await asked(`/runs/${runs[1]}?part=row`)).text);
    expect(html).toContain(`>${report.gate.verdict}</span>`);
    const { value } = report.estimates.find(({ metric }: { metric: string }) => metric === "task.success");
    expect(html).toContain(`${(value * 100).toFixed(1)} %`);
    expect(html).toContain(
      `${report.totals.passed} of ${report.totals.passed + report.totals.failed} trials`,
    );
    const summary = (await runCommand(["runs", "show", runs[1] ?? ""], { cwd })).stdout;
    const time = /duration (.+)/.exec(summary)?.[1] ?? "none";
    expect(html).toContain(`>${time}</td>`);
  });

  it("refuses an address that others reach", async () => {
    const { exitCode, stderr } = await runCommand(["view", "--host", "0.0.0.0"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("add --allow-remote to let others in the network read");
  });
});
