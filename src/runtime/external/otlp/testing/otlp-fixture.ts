import { otlpAgentSchema } from "../../../../config/agent/external/otlp-schema.js";
import { systemClock } from "../../../../core/clock.js";
import { mappedPuppet } from "../../http/testing/puppet-dialects.js";
import { type PuppetDialect, startPuppetServer } from "../../http/testing/puppet-server.js";
import type { ContractFixture } from "../../testing/contract.js";
import { openOtlp } from "../open-otlp.js";
import { exportRoot } from "./export-root.js";

/** The puppet of kind http, which also sends a root span after each answer. */
const otlpPuppet: PuppetDialect = {
  ...mappedPuppet,
  answer(response, text, extra) {
    const { traceparent, "x-otlp": endpoint } = response.req.headers;
    mappedPuppet.answer(response, text, extra);
    void exportRoot(String(endpoint), String(traceparent)).catch(() => {
      // The trial may be over, and its receiver gone.
    });
  },
};

export const otlpFixture: ContractFixture = {
  kind: "otlp",
  garbage: Object.keys(otlpPuppet.garbage),
  // Its spans are what it says of itself: nothing in a trace is still a trace.
  cannot: ["silent"],
  async start({ replyTimeoutMs, secret }) {
    const server = await startPuppetServer(otlpPuppet);
    const config = otlpAgentSchema.parse({
      kind: "otlp",
      name: "puppet",
      settle_ms: 5,
      trigger: {
        http: {
          url: server.url,
          headers: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
            "X-Key": "Bearer ${env:PUPPET_SECRET}",
            // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
            "X-Otlp": "${env:OTEL_EXPORTER_OTLP_ENDPOINT}",
          },
          request: { message: "{{message}}", session: "{{session_id}}" },
          response: {
            text: "answer.text",
            tool_calls: "calls",
            retrievals: "searches",
            usage: "usage",
            cost_usd: "cost",
            error: "error",
            escalated: "escalated",
          },
          timeouts: { total_ms: replyTimeoutMs },
        },
      },
    });
    const agent = await openOtlp(config, {
      file: "agents/puppet.yaml",
      folder: import.meta.dirname,
      env: { PUPPET_SECRET: secret },
      clock: systemClock,
      secrets: [],
    });
    return {
      agent,
      held: server.held,
      close: async () => {
        await agent.close();
        await server.close();
      },
    };
  },
};
