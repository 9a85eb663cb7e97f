import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { RequestFlags, RequestVerb } from "../release/commands/leave-request.js";
import { type ActorFlags, examples, withActorFlags } from "./canary-options.js";
import type { CommandIo } from "./io.js";

const REQUESTS: Record<
  RequestVerb,
  { readonly about: string; readonly reason: string; readonly examples: readonly [string, string] }
> = {
  approve: {
    about: "Lets a release that waits for an approval go on. For release managers, and not for its author.",
    reason: "why; the journal keeps it",
    examples: ["agentctl canary approve", 'agentctl canary approve --actor mia --reason "samples look fine"'],
  },
  reject: {
    about: "Refuses a release that waits for an approval: it is cancelled, or rolled back if it has traffic.",
    reason: "why; required",
    examples: [
      'agentctl canary reject --reason "tone is off"',
      'agentctl canary reject --id rel-41 --reason "wrong prompt" --json',
    ],
  },
  pause: {
    about: "Stops a release where it is. Its share of traffic stays; rules that roll back go on.",
    reason: "why; the journal keeps it",
    examples: ["agentctl canary pause", 'agentctl canary pause --reason "incident in billing"'],
  },
  resume: {
    about: "Lets a paused release go on: its split is verified again, then the step bakes on.",
    reason: "why; the journal keeps it",
    examples: ["agentctl canary resume", 'agentctl canary resume --reason "drift was ours, set back"'],
  },
  extend: {
    about: "Gives the step more time to bake, and lets a paused release bake on.",
    reason: "why; the journal keeps it",
    examples: ["agentctl canary extend --by 1h", 'agentctl canary extend --by 30m --reason "quiet night"'],
  },
  promote: {
    about:
      "Approves the promotion after the last step. With --force, promotes a paused release without its remaining steps.",
    reason: "why; required with --force",
    examples: [
      "agentctl canary promote",
      'agentctl canary promote --force --reason "stable is broken, this is its fix"',
    ],
  },
};

/** Adds a command that leaves a request for the controller. */
export function addCanaryRequest(group: Command, verb: RequestVerb, io: CommandIo): void {
  const { about, reason, examples: lines } = REQUESTS[verb];
  const command = group
    .command(verb)
    .description(about)
    .addHelpText("after", examples(...lines));
  withActorFlags(command, reason).option("--no-wait", "do not wait until the controller has answered");
  if (verb === "extend") command.requiredOption("--by <time>", "how much longer, e.g. 30m");
  if (verb === "promote") command.option("--force", "without the steps that are left; wants --reason");
  command.action(async (flags: ActorFlags & RequestFlags) => {
    const { actorName } = await import("../release/commands/actor-name.js");
    const { leaveRequest } = await import("../release/commands/leave-request.js");
    const { withService } = await import("../release/commands/open-service.js");
    const { renderCanaryRequest } = await import("../report/canary-command-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const who = { actor: actorName(flags.actor, io.env, io.cwd), clock: systemClock };
    const left = await withService(flags.release, io.cwd, (service) =>
      leaveRequest(service, verb, flags, who),
    );
    io.print(flags.json === true ? renderDocument("canary-request", left) : renderCanaryRequest(left));
  });
}
