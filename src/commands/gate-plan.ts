import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../core/clock.js";
import type { PlanFlags } from "../eval/gate/plan-gates.js";
import { anyShare } from "./dataset-options.js";
import type { CommandIo } from "./io.js";
import {
  nonNegativeInteger,
  type OutputFlags,
  positiveInteger,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gate plan                                  what gates.yaml will do on the default suite
  agentctl gate plan --rules strict.yaml --drops 2,5 --discordant 12%`;

interface PlanCommandFlags extends PlanFlags, OutputFlags {}

/** Adds `gate plan`. */
export function addGatePlan(group: Command, io: CommandIo): void {
  const command = group
    .command("plan")
    .summary("tell how often the rules block good and bad candidates, before anything runs")
    .description(
      "Tells how often each rule, and all of them together, will block a candidate that is as good as the baseline, and " +
        "one that is worse: by exact sums, else by drawn runs that are judged like real ones.",
    );
  withConfigFlag(command)
    .option("--rules <file>", "gate rules (default: `gates` of agentctl.yaml)")
    .option("--suite <name>", "suite (default: default_suite of agentctl.yaml)")
    .option("--drops <points>", "drops to plan for, in points", dropsInPoints, [0.01, 0.02, 0.05, 0.1])
    .option("--trials <n>", "trials per case (default: those of the suite)", positiveInteger)
    .option("--discordant <share>", "cases whose outcome differs between two runs of one agent", anyShare)
    .option("--rate <share>", "pass rate to assume where no run is stored", anyShare, 0.8)
    .option(
      "--draws <n>",
      "drawn pairs of runs of each scenario (default: what takes seconds, at most 2000)",
      positiveInteger,
    )
    .option("--seed <n>", "seed of the draws", nonNegativeInteger, 7)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (_: unknown, own: Command) => {
    // `gate` has some of these flags too, and takes those that are given before or after the word `plan`.
    const flags = own.optsWithGlobals<PlanCommandFlags>();
    const { planSuiteGates } = await import("../eval/gate/plan-gates.js");
    const { renderGatePlan } = await import("../report/gates/gate-plan-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const plan = await planSuiteGates(flags, io.cwd, systemClock);
    io.print(flags.json === true ? renderDocument("gate-plan", plan) : renderGatePlan(plan, io));
  });
}

/** Parses `1,2,5` into 0.01, 0.02, 0.05, ascending. */
function dropsInPoints(text: string): readonly number[] {
  const drops = text.split(",").map((part) => Number(part.trim() === "" ? Number.NaN : part) / 100);
  if (drops.some((drop) => !(drop > 0 && drop < 1))) {
    throw new InvalidArgumentError("expected numbers of points between 0 and 100, such as 1,2,5.");
  }
  return [...new Set(drops)].sort((a, b) => a - b);
}
