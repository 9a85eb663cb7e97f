import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import { openAgentTools } from "../agent-tools.js";
import { policyBench } from "../testing/policy-bench.js";

const folder = mkdtempSync(join(tmpdir(), "module-tools-"));

function open(text: string, name = "tools.ts", environment: readonly string[] = []) {
  writeFileSync(join(folder, name), text);
  return openAgentTools([{ module: name }], environment, { file: "agent.yaml", folder, env: {} });
}

const LEDGER = `
interface Amount { readonly amount: number }
const parameters = { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] };
export const tools = [
  {
    name: "pay",
    description: "Pays.",
    parameters,
    caps: [{ path: "amount", max: 10 }],
    confirm: false,
    permission: "pay",
    resultFields: ["paid"],
    call: ({ amount }: Amount, context: any) => ({ paid: amount, card: "4111", by: context.identity.userId }),
  },
  { name: "who", description: "Who.", parameters: { type: "object" }, reversibility: "read",
    call: (_: unknown, context: any) => context.identity.tenantId },
  { name: "fail", description: "Fails.", parameters: { type: "object" }, reversibility: "read",
    call: () => { throw new Error("broken"); } },
  { name: "half", description: "Fails.", parameters: { type: "object" }, confirm: false,
    call: async () => { throw new Error("broken half-way"); } },
  { name: "slow", description: "Slow.", parameters: { type: "object" }, confirm: false, timeoutMs: 30,
    call: (_: unknown, { signal }: any) => new Promise((_done, stop) => signal.addEventListener("abort", stop)) },
];
`;

describe("tools of a module", () => {
  it("are checked, get the identity, and answer with any JSON value", async () => {
    const { tools, names, hash } = await open(LEDGER);
    expect(names).toEqual(["pay", "who", "fail", "half", "slow"]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const bench = policyBench(tools, { identity: { tenantId: "north", userId: "anna", scopes: ["pay"] } });
    expect((await bench.run({ amount: 5 }, "pay")).content).toBe('{"paid":5}');
    expect((await bench.run({ amount: 11 }, "pay")).isError).toBe(true);
    expect((await bench.run({}, "who")).content).toBe("north");
  });

  it("fail without an end to the conversation: reads plainly, everything else without knowing", async () => {
    const bench = policyBench((await open(LEDGER)).tools);
    expect((await bench.run({}, "fail")).content).toBe("Error: fail failed: broken");
    expect((await bench.run({}, "half")).content).toContain("not known whether half took effect");
    expect((await bench.run({}, "slow")).content).toContain("no answer within 30 ms");
  });

  it("change the version of the agent with their text", async () => {
    expect((await open(LEDGER)).hash).not.toBe((await open(`${LEDGER}\n`)).hash);
  });

  it("may not take the name of another tool", async () => {
    await expect(open(LEDGER, "tools.ts", ["pay"])).rejects.toThrow(/two tools are called pay/);
  });

  it.each([
    ["export const tool = 1;", /expected an export `tools`/],
    ["export const tools = [];", /at least one tool/],
    ["export const tools = [;", /cannot be loaded/],
    ["throw new Error('at once');", /cannot be loaded: at once/],
    ["export const tools = [7];", /tools\[0\]: expected an object/],
    [
      "export const tools = [{ name: 'a b', description: '', parameters: {}, call: 1, cap: 3, reversibility: 'maybe' }];",
      /unknown key "cap".*\n.*`name` wants.*\n.*`description`.*\n.*`call`.*\n.*`parameters`.*\n.*`reversibility`/,
    ],
  ])("say what is wrong with %j", async (text, message) => {
    // Node keeps a module by its name: each text needs a file of its own.
    const opened = open(text, `wrong-${contentHash(text)}.mjs`);
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(message);
  });

  it("say that there is no file", async () => {
    const opened = openAgentTools([{ module: "none.mjs" }], [], { file: "agent.yaml", folder, env: {} });
    await expect(opened).rejects.toThrow(/expected a file, relative to the agent file; found none/);
  });
});
