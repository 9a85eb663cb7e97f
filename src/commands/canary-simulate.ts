import { type Command, InvalidArgumentError } from "commander";
import { trafficPerHour } from "./canary-plan.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  nonNegativeInteger,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl canary simulate --stable main --canary latest --traffic 2000/h
  agentctl canary simulate --stable main --planted -5 --gates a.yaml,b.yaml --traffic 2000/h`;

interface SimulateCommandFlags extends OutputFlags {
  readonly config?: string;
  readonly stable: string;
  readonly canary?: string;
  readonly traffic: number;
  readonly gates?: readonly string[];
  readonly rollouts: number;
  readonly planted?: readonly number[];
  readonly seed: number;
  readonly looks: number;
  readonly jobs?: number;
}

/** Adds `canary simulate`. */
export function addCanarySimulate(group: Command, io: CommandIo): void {
  const command = group
    .command("simulate")
    .summary("replay stored runs as rollouts: false rollbacks, missed regressions, exposure, time")
    .description(
      "Replays success, latency and cost of stored runs as streams of conversations through the real controller with a " +
        "simulated clock, many times, and tells how often the plan promotes, pauses and rolls back, how many " +
        "conversations meet the canary until then, and what plain tests would have done on the same streams.",
    );
  withConfigFlag(command)
    .requiredOption("--stable <run>", "stored run of the stable version")
    .option("--canary <run>", "stored run of the new version (default: that of --stable, which is alike)")
    .requiredOption("--traffic <rate>", "conversations, such as 2000/h", trafficPerHour)
    .option(
      "--gates <file>",
      "gate file with the `canary` block; several, by commas, are compared (default: gates.yaml)",
      collect,
    )
    .option(
      "--planted <points>",
      "points that stable's outcomes are worsened by, such as -2,-5,-10; 0: alike",
      drops,
    )
    .option("--rollouts <n>", "rollouts of each", positiveInteger, 200)
    .option(
      "--looks <n>",
      "decisions in the least bake of a step; the real controller takes more",
      positiveInteger,
      4,
    )
    .option("--seed <n>", "seed of the draws", nonNegativeInteger, 7)
    .option("-j, --jobs <n>", "threads, which change no figure (default: one for each core)", positiveInteger)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (flags: SimulateCommandFlags) => {
    const { simulateRollouts } = await import("../release/simulate/simulate-rollouts.js");
    const { renderCanarySimulation } = await import("../report/canary-simulation-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { canary = flags.stable, gates = ["gates.yaml"], planted = [] } = flags;
    const note = notesFor(flags, io);
    const simulation = await simulateRollouts({ ...flags, canary, gates, planted }, io.cwd, (done, all) => {
      if (done % 100 === 0 && done < all) note(`${done} of ${all} rollouts`);
    });
    io.print(
      flags.json === true
        ? renderDocument("canary-simulation", simulation)
        : renderCanarySimulation(simulation, io),
    );
  });
}

/** Parses `-2,-5,-10` into 2, 5, 10: points of success. The sign may be left out. */
function drops(text: string): readonly number[] {
  const points = text.split(",").map((part) => Math.abs(Number(part.trim() === "" ? Number.NaN : part)));
  if (points.some((one) => !(one >= 0 && one < 100))) {
    throw new InvalidArgumentError("expected points of success such as -2,-5,-10, or 0.");
  }
  return points;
}
