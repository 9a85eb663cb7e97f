import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gate check                             gates.yaml in words, with warnings
  agentctl gate check --rules strict.yaml --json

Exit codes: 0 the file can be used, 2 it cannot, with every problem and its line.`;

interface CheckFlags extends OutputFlags {
  readonly config?: string;
  readonly rules?: string;
  readonly suite?: string;
}

/** Adds `gate check`. */
export function addGateCheck(group: Command, io: CommandIo): void {
  const command = group
    .command("check")
    .summary("check gates.yaml and say it in words, without a run")
    .description(
      "Checks gates.yaml and all that it imports, and says in words what each gate passes on, what it is " +
        "compared with, which waivers hold and for how long, and what can go wrong: gates that never fail or " +
        "never pass, judges without a calibration, a baseline that is not there, too few cases.",
    );
  withConfigFlag(command)
    .option("--rules <file>", "gate rules (default: `gates` of agentctl.yaml)")
    .option("--suite <name>", "suite (default: default_suite of agentctl.yaml)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (_: unknown, own: Command) => {
    // `gate` has some of these flags too, and takes those that are given before the word `check`.
    const flags = own.optsWithGlobals<CheckFlags>();
    const { checkGates } = await import("../eval/gate/gate-check.js");
    const { renderGateCheck } = await import("../report/gates/gate-check-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const check = await checkGates(flags, io.cwd, systemClock);
    io.print(flags.json === true ? renderDocument("gate-check", check) : renderGateCheck(check, io));
  });
}
