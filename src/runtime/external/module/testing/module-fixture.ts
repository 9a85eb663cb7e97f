import { moduleAgentSchema } from "../../../../config/agent/external/module-schema.js";
import { systemClock } from "../../../../core/clock.js";
import type { ContractFixture } from "../../testing/contract.js";
import { openModule } from "../open-module.js";

const RUNNING = Symbol.for("agentctl.puppet.running");

/** A function in this process; it stops when it is told to. */
export const moduleFixture: ContractFixture = {
  kind: "module",
  garbage: [
    "undefined",
    "null",
    "number",
    "list",
    "wrong-text",
    "no-text",
    "wrong-report",
    "wrong-usage",
    "getter",
    "stream",
  ],
  cannot: [],
  async start({ replyTimeoutMs, secret }) {
    const config = moduleAgentSchema.parse({
      kind: "module",
      name: "puppet",
      module: "./puppet.mjs",
      env_allow: ["PUPPET_SECRET"],
      reply_timeout_ms: replyTimeoutMs,
    });
    const agent = await openModule(config, {
      file: "agents/puppet.yaml",
      folder: import.meta.dirname,
      env: { PUPPET_SECRET: secret, UNASKED: "must not arrive" },
      clock: systemClock,
      secrets: [],
    });
    return {
      agent,
      held: () => (globalThis as { [RUNNING]?: number })[RUNNING] ?? 0,
      close: () => agent.close(),
    };
  },
};
