import { type Command, InvalidArgumentError } from "commander";
import type { CanaryPlanFlags } from "../release/planning/plan-rollout.js";
import { anyShare } from "./dataset-options.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl canary plan --traffic 2000/h --stable-rate 0.8
  agentctl canary plan --release release.yaml --gates strict.yaml --stable-run main --json

Exit codes: 0 the plan can tell what its rules ask, 2 it is refused, or a file is wrong.`;

/** Adds `canary plan`. */
export function addCanaryPlan(group: Command, io: CommandIo): void {
  const command = group
    .command("plan")
    .summary("tell what each step of a rollout can see, how long it takes, and what it cannot tell")
    .description(
      "Tells of each step how many conversations it has at a traffic, which drop it can see, how long it really lasts, " +
        "and what no event in it proves; and refuses a margin that no step can resolve.",
    );
  withConfigFlag(command)
    .option("--release <file>", "where the service runs", "release.yaml")
    .option("--gates <file>", "gate file with the `canary` block", "gates.yaml")
    .option(
      "--traffic <rate>",
      "conversations, such as 2000/h (default: as in the event log)",
      trafficPerHour,
    )
    .option(
      "--stable-rate <share>",
      "how often stable succeeds (default: of --stable-run, else 0.8)",
      anyShare,
    )
    .option("--stable-run <run>", "stored run of stable: its rate, errors and cost")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (flags: CanaryPlanFlags & OutputFlags) => {
    const { planRollout } = await import("../release/planning/plan-rollout.js");
    const { renderCanaryPlan } = await import("../report/canary-plan-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { EXIT } = await import("../core/exit-codes.js");
    const plan = await planRollout(flags, io.cwd);
    io.print(flags.json === true ? renderDocument("canary-plan", plan) : renderCanaryPlan(plan, io));
    if (plan.refusals.length > 0) io.setExitCode(EXIT.userError);
  });
}

const HOURS = { s: 1 / 3600, min: 1 / 60, h: 1, d: 24 } as const;

/** Parses `2000/h`, `40/min`, `50000/d` into units an hour. */
export function trafficPerHour(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\/(s|min|h|d)$/.exec(text.trim()) ?? [];
  const perHour = Number(amount) / HOURS[unit as keyof typeof HOURS];
  if (!(perHour > 0 && Number.isFinite(perHour)))
    throw new InvalidArgumentError("expected a rate such as 2000/h, 40/min or 50000/d.");
  return perHour;
}
