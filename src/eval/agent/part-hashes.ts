import { contentHash } from "../../core/hash.js";
import type { PartHashes } from "../../core/run.js";
import { answeringModel, type LoadedAgent } from "./load-agent.js";
import { memorySeedHash } from "./memory-seed-hash.js";

/** Content hashes of what an agent file names, as `agentVersionOf` takes them; `null` where there is none. */
interface NamedHashes {
  readonly recording: string | null;
  readonly tools: string | null;
  readonly documents: string | null;
}

/**
 * The content hashes of the parts of a built-in agent. Those of its specialists count as its own: a team whose
 * specialist got another prompt has another prompt. Strategy, limits and identity have no hash of their own; they
 * change the agent's version alone.
 */
export function partHashesOf(
  agent: LoadedAgent,
  { recording, tools, documents }: NamedHashes,
  specialists: readonly PartHashes[],
): PartHashes {
  const { config } = agent;
  const { version } = config.prompt;
  const own = {
    prompt: { version, text: agent.promptText },
    model: { model: answeringModel(config.model), scripts: agent.scriptHashes, recording },
    tools: {
      environment: agent.environment?.hash ?? null,
      tools: config.tools,
      policy: config.tool_policy,
      loopGuard: config.loop_guard,
      ledger: config.ledger,
      team: config.team,
      sources: tools,
    },
    retrieval: { retrieval: config.retrieval ?? null, documents },
    memory: { memory: config.memory, context: config.context, seed: memorySeedHash(agent) },
    guardrails: { guardrails: config.guardrails },
  };
  return Object.fromEntries(
    Object.entries(own).map(([part, content]) => [
      part,
      specialists.length === 0
        ? contentHash(content)
        : contentHash([content, ...specialists.map((one) => one[part] ?? null)]),
    ]),
  );
}
