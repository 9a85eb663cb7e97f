import { basename, resolve } from "node:path";
import type { SpecialistConfig } from "../../config/agent/team-schema.js";
import { ConfigError } from "../../core/errors.js";
import type { PartHashes } from "../../core/run.js";
import type { Agent } from "../../runtime/agent.js";
import type { ConversationPart } from "../../runtime/conversation-part.js";
import type { Specialist } from "../../runtime/team/team.js";
import type { Tool } from "../../runtime/tools/tool.js";
import { type LoadedAgent, loadAgent } from "./load-agent.js";

/** Where in a hierarchy of agents a file is loaded. */
export interface TeamPlace {
  /** Absolute paths of the supervisors above, the outermost first. */
  readonly above: readonly string[];
  /** Of the outermost supervisor; `null` for that one itself. */
  readonly maxDepth: number | null;
}

export const OUTERMOST: TeamPlace = { above: [], maxDepth: null };

/** A team that can work: what its supervisor needs. */
export interface LoadedTeam {
  readonly part: ConversationPart;
  readonly tools: readonly Tool[];
  /** Versions of the specialists, for that of the supervisor. */
  readonly versions: readonly string[];
  /** Hashes of the specialists' parts, in the same order. */
  readonly partHashes: readonly PartHashes[];
  readonly close: () => Promise<void>;
}

/**
 * Loads the specialists of an agent file, and theirs.
 *
 * @param build - makes an agent from its file
 * @returns `null` for an agent without a team
 * @throws {ConfigError} for a file that is its own supervisor, too many levels, or another environment
 */
export async function loadTeam(
  supervisor: LoadedAgent,
  workingDirectory: string,
  place: TeamPlace,
  build: (loaded: LoadedAgent, place: TeamPlace) => Promise<Agent>,
): Promise<LoadedTeam | null> {
  const { team } = supervisor.config;
  if (team === undefined) return null;
  const maxDepth = place.maxDepth ?? team.max_depth;
  const above = [...place.above, resolve(supervisor.folder, basename(supervisor.file))];
  const entries = Object.entries(team.specialists).map(([name, config]) => ({
    name,
    config,
    path: resolve(supervisor.folder, config.agent),
  }));
  const problems = entries.flatMap(({ name, path }) => {
    const key = `team.specialists.${name}`;
    if (above.includes(path)) {
      return [
        `${key}: ${basename(path)} is a supervisor of this agent; a team must not go round in a circle`,
      ];
    }
    return above.length > maxDepth
      ? [
          `${key}: more than ${maxDepth} levels of specialists; raise \`team.max_depth\` of the outermost, or flatten`,
        ]
      : [];
  });
  if (problems.length > 0) throw problemsOf(supervisor, problems);
  const specialists: Specialist[] = [];
  for (const { name, config, path } of entries) {
    const loaded = loadAgent(path, workingDirectory);
    const { environment } = loaded.config;
    if (environment !== undefined && environment !== supervisor.config.environment) {
      const own = supervisor.config.environment ?? "none";
      throw problemsOf(supervisor, [
        `team.specialists.${name}: it acts in environment ${environment}, this agent in ${own}; name the same in both`,
      ]);
    }
    specialists.push(specialistOf(name, config, loaded, await build(loaded, { above, maxDepth })));
  }
  const [{ teamPart }, { teamTools }] = await Promise.all([
    import("../../runtime/team/team-part.js"),
    import("../../runtime/team/team-tools.js"),
  ]);
  const members = { specialists, hasSharedState: team.shared_state };
  return {
    part: teamPart(members),
    tools: teamTools(members),
    versions: specialists.map(({ agent }) => agent.version),
    partHashes: specialists.map(({ agent }) => agent.partHashes ?? {}),
    close: async () => {
      await Promise.all(specialists.map(({ agent }) => agent.close?.()));
    },
  };
}

function specialistOf(name: string, config: SpecialistConfig, loaded: LoadedAgent, agent: Agent): Specialist {
  const { max_steps, timeout_ms, budget_usd } = config.limits;
  return {
    name,
    description: config.description,
    agent: {
      ...agent,
      limits: {
        ...agent.limits,
        maxSteps: max_steps ?? agent.limits.maxSteps,
        timeoutMs: timeout_ms ?? agent.limits.timeoutMs,
        budgetUsd: budget_usd ?? agent.limits.budgetUsd,
      },
    },
    hasWorld: loaded.config.environment !== undefined,
    scopes: config.scopes ?? null,
    roles: config.roles ?? null,
    retry: config.on_failure.retry,
    onFailure: config.on_failure.then,
    breakerFailures: config.breaker,
  };
}

function problemsOf({ file }: LoadedAgent, messages: readonly string[]): ConfigError {
  return new ConfigError(messages.map((message) => ({ file, message })));
}
