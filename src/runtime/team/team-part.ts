import type { ToolOutcome } from "../../environments/environment.js";
import type { ConversationContext, ConversationHost, ConversationPart } from "../conversation-part.js";
import type { ToolInvocation, ToolLayer } from "../tools/tool.js";
import { childLog } from "./child-log.js";
import type { ChildScene } from "./child-run.js";
import { Delegation } from "./delegation.js";
import { sharedPart } from "./shared-part.js";
import { SharedState } from "./shared-state.js";
import { SpecialistNotes } from "./specialist-notes.js";
import type { Specialist, Team } from "./team.js";
import { specialistNamed } from "./team-tools.js";

/**
 * Lets an agent delegate: answers the tools of {@link teamTools}. Must be the innermost part, so that delegations pass
 * the agent's own layers first. Different specialists may work at the same time; tasks for one of them queue.
 */
export function teamPart(team: Team): ConversationPart {
  return {
    name: "team",
    open(context) {
      const { host } = context;
      if (host === undefined) return {};
      const desk = new TeamDesk(team, context, host);
      const board =
        desk.shared === null ? null : sharedPart(desk.shared, context.agentName).open(context).toolLayer;
      const delegate: ToolLayer = (invocation, next) => {
        const specialist = desk.specialistOf(invocation);
        return specialist === undefined ? next(invocation) : desk.delegate(specialist, invocation);
      };
      return {
        toolLayer: (invocation, next) =>
          board === null || board === undefined
            ? delegate(invocation, next)
            : board(invocation, (inner) => delegate(inner, next)),
      };
    },
  };
}

/** The specialists of one conversation. */
class TeamDesk {
  readonly shared: SharedState | null;
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly team: Team,
    private readonly context: ConversationContext,
    private readonly host: ConversationHost,
  ) {
    this.shared = team.hasSharedState ? new SharedState(context.log) : null;
  }

  specialistOf({ tool }: ToolInvocation): Specialist | undefined {
    const name = specialistNamed(tool);
    return this.team.specialists.find((one) => one.name === name);
  }

  delegate(specialist: Specialist, invocation: ToolInvocation): Promise<ToolOutcome> {
    const { name } = specialist;
    const work = () => new Delegation(this.sceneOf(specialist), invocation).run();
    const done = (this.queues.get(name) ?? Promise.resolve()).then(work, work);
    this.queues.set(name, done);
    return done;
  }

  private sceneOf(specialist: Specialist): ChildScene {
    const { context, host, shared } = this;
    return {
      specialist,
      context,
      host,
      shared,
      log: childLog(context.log, specialist.name),
      notes: new SpecialistNotes(context.log, specialist.name),
    };
  }
}
