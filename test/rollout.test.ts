import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf } from "./json-documents.js";
import { keepCases, runCli, startCli, temporaryFolder } from "./run-cli.js";

const EXAMPLE = join(import.meta.dirname, "..", "examples", "canary");
const GATES = `version: 1
gates: [{ metric: faithfulness, min: 0.5 }]
canary:
  steps: [{ traffic: 50%, bake: 1s, min_conversations: 30, max_bake: 1m }]
  rollback_triggers: { resolution_rate: { threshold: "-45% vs control", window: 1m } }
`;
const env = { GATEWAY_TOKEN: "a-token-of-this-test-0123456789" };

let folder: string;
let url: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = join(temporaryFolder(), "support");
  await runCli(["init", folder], { cwd: "/" });
  cpSync(EXAMPLE, folder, { recursive: true });
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  for (const name of ["gateway.yaml", "release.yaml"]) {
    const text = readFileSync(join(folder, name), "utf8");
    const moved = ["8001", "8002", "8080"].reduce(
      (all, port, index) => all.replaceAll(port, `${ports[index]}`),
      text,
    );
    writeFileSync(join(folder, name), moved);
  }
  writeFileSync(join(folder, "gates.yaml"), GATES);
  keepCases(folder, 12);
  url = `http://127.0.0.1:${ports[2]}`;
  expect((await runCli(["eval"], { cwd: folder })).exitCode).toBe(0);
  await Promise.all(
    ["v1", "v2"].map((model, index) => firstLine(node("model-server.mjs", `${ports[index]}`, model, "5"))),
  );
  const gateway = startCli(["gateway"], { cwd: folder, env });
  children.push(gateway as unknown as ChildProcess);
  await firstLine(gateway as unknown as ChildProcess);
}, 20_000);

afterAll(async () => {
  for (const child of children.reverse()) await ended(child);
  rmSync(join(folder, ".."), { recursive: true });
});

function node(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) return line;
  throw new Error("it ended without a line");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Who answers a new conversation: the model that the server names. */
async function answering(id: string): Promise<string> {
  const body = JSON.stringify({ model: "support", messages: [{ role: "user", content: "hello" }] });
  const headers = { "x-conversation-id": id };
  const answer = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
  return ((await answer.json()) as { readonly model: string }).model;
}

const answersOf = (prefix: string) =>
  Promise.all(Array.from({ length: 30 }, (_, index) => answering(`${prefix}-${index}`)));

async function reportCritical(): Promise<void> {
  for (let index = 0; ; index += 1) {
    const id = `probed-${index}`;
    if ((await answering(id)) !== "v2") continue;
    const violation = { id, conversation_id: id, rule: "pii-leak", severity: "critical", verified: true };
    const answer = await fetch(`${url}/v1/safety`, { method: "POST", body: JSON.stringify(violation) });
    expect(answer.status).toBe(202);
    return;
  }
}

describe("a whole rollout of examples/canary", () => {
  it("takes back a version with one critical event, promotes one without, goes back from it, and loses no request", {
    timeout: 60_000,
  }, async () => {
    const traffic = node("traffic.mjs", url, "20", "0.9", "0.9");
    const lines: string[] = [];
    createInterface({ input: traffic.stdout as NodeJS.ReadableStream }).on("line", (line) =>
      lines.push(line),
    );

    const bad = startCli(["canary", "start", "--run", "latest"], { cwd: folder, env });
    let reported: Promise<void> | undefined;
    createInterface({ input: bad.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      if (line.startsWith("BAKING(0)")) reported ??= reportCritical();
    });
    const { exitCode, stderr } = await bad;
    await reported;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("critical safety violation of pii-leak"),
    });
    expect(new Set(await answersOf("after-rollback"))).toEqual(new Set(["v1"]));

    const good = ["canary", "start", "--run", "latest", "--json"];
    expect(await documentOf("canary-status", good, { cwd: folder, env })).toMatchObject({
      outcome: "promoted",
      confirmedBps: 10_000,
    });
    expect(new Set(await answersOf("after-promotion"))).toEqual(new Set(["v2"]));
    const again = await runCli(["canary", "start", "--run", "latest"], { cwd: folder, env });
    expect({ exitCode: again.exitCode, stderr: again.stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("which serves everybody of support"),
    });

    const back = ["canary", "rollback", "--to", "unknown", "--actor", "bo", "--reason", "late complaints"];
    expect(await documentOf("canary-rollback", back, { cwd: folder, env })).toMatchObject({
      outcome: "pointed-back",
      splitBps: 0,
      notes: [],
    });
    expect(new Set(await answersOf("after-going-back"))).toEqual(new Set(["v1"]));
    const third = await runCli(["canary", "start", "--run", "latest", "--dry-run"], { cwd: folder, env });
    expect({ exitCode: third.exitCode, stderr: third.stderr }).toMatchObject({ exitCode: 0 });
    await ended(traffic);
    expect(lines.at(-1)).toMatch(/^[1-9]\d* conversations, [1-9]\d* met v2, 0 lost$/);
  });
});
