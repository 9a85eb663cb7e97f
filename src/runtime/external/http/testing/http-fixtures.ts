import { httpAgentSchema } from "../../../../config/agent/external/http-schema.js";
import { systemClock } from "../../../../core/clock.js";
import type { ContractFixture, FixtureOptions } from "../../testing/contract.js";
import { openHttp } from "../open-http.js";
import { mappedPuppet, openaiPuppet, openaiStreamPuppet, streamedPuppet } from "./puppet-dialects.js";
import { type PuppetDialect, startPuppetServer } from "./puppet-server.js";

const REQUEST = { message: "{{message}}", session: "{{session_id}}" };
const RESPONSE = {
  tool_calls: "calls",
  retrievals: "searches",
  usage: "usage",
  cost_usd: "cost",
  error: "error",
  escalated: "escalated",
};

function fixture(
  kind: string,
  puppet: PuppetDialect,
  block: object,
  cannot: ContractFixture["cannot"] = [],
): ContractFixture {
  return {
    kind,
    garbage: Object.keys(puppet.garbage),
    cannot,
    start: async ({ replyTimeoutMs, secret }: FixtureOptions) => {
      const server = await startPuppetServer(puppet);
      const config = httpAgentSchema.parse({
        kind: "http",
        name: "puppet",
        url: server.url,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
        headers: { "X-Key": "Bearer ${env:PUPPET_SECRET}" },
        timeouts: { total_ms: replyTimeoutMs },
        ...block,
      });
      const agent = await openHttp(config, {
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
}

/** Every way in which an endpoint can be spoken to. */
export const httpFixtures: readonly ContractFixture[] = [
  fixture("http", mappedPuppet, { request: REQUEST, response: { ...RESPONSE, text: "answer.text" } }),
  fixture("http, streamed", streamedPuppet, {
    request: REQUEST,
    response: RESPONSE,
    stream: { format: "sse", delta: "piece", done: "[DONE]" },
  }),
  fixture("http, openai", openaiPuppet, { preset: "openai", model: "puppet-1" }, ["report", "escalate"]),
  fixture(
    "http, openai streamed",
    openaiStreamPuppet,
    { preset: "openai", model: "puppet-1", streaming: true },
    ["report", "escalate"],
  ),
];
