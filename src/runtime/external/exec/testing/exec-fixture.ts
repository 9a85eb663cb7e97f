import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { execAgentSchema } from "../../../../config/agent/external/exec-schema.js";
import { systemClock } from "../../../../core/clock.js";
import type { ContractFixture } from "../../testing/contract.js";
import { openExec } from "../open-exec.js";

const PUPPET = join(import.meta.dirname, "puppet.mjs");

/** A Node program. */
export const execFixture: ContractFixture = {
  kind: "exec",
  garbage: [
    "not-json",
    "wrong-shape",
    "unknown-type",
    "wrong-report",
    "invalid-utf8",
    "truncated",
    "empty",
    "huge",
  ],
  cannot: [],
  async start({ replyTimeoutMs, secret }) {
    // Marks the processes of this fixture among all others.
    const mark = `--title=puppet-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const config = execAgentSchema.parse({
      kind: "exec",
      name: "puppet",
      command: process.execPath,
      args: [mark, PUPPET],
      env_allow: ["PUPPET_SECRET"],
      reply_timeout_ms: replyTimeoutMs,
    });
    const agent = await openExec(config, {
      file: "agents/puppet.yaml",
      folder: import.meta.dirname,
      env: { PATH: process.env.PATH, PUPPET_SECRET: secret, UNASKED: "must not arrive" },
      clock: systemClock,
      secrets: [],
    });
    const title = mark.slice("--title=".length);
    return { agent, held: () => processesCalled(title), close: () => agent.close() };
  },
};

function processesCalled(title: string): number {
  const listed = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.includes(title) && !line.startsWith("ps ")).length;
}
