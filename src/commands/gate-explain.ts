import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gate explain task.success              the arithmetic on the latest run
  agentctl gate explain "task.success no worse than main" pr-17 --json`;

interface ExplainFlags extends OutputFlags {
  readonly config?: string;
  readonly rules?: string;
}

/** Adds `gate explain`. */
export function addGateExplain(group: Command, io: CommandIo): void {
  const command = group
    .command("explain")
    .summary("show the arithmetic of one gate on a stored run")
    .description(
      "Shows how one gate came to its verdict: what was counted, the formula of the interval with the numbers put in, the " +
        "comparison with the threshold, and what would make it conclusive.",
    )
    .argument("<gate>", "name of the gate, or of a part of it, as the report shows it")
    .argument("[run]", "run id, its beginning, a tag, or `latest`", "latest")
    .addHelpText("after", EXAMPLES);
  withConfigFlag(command).option("--rules <file>", "gate rules (default: `gates` of agentctl.yaml)");
  withOutputFlags(command).action(async (gate: string, run: string, _: unknown, own: Command) => {
    // `gate` has these flags too, and takes those that are given before the word `explain`.
    const flags = own.optsWithGlobals<ExplainFlags>();
    const { explainStoredGate } = await import("../eval/gate/gate-explain.js");
    const { renderGateExplanation } = await import("../report/gates/gate-explanation-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const explained = explainStoredGate(gate, run, flags, io.cwd, systemClock);
    io.print(
      flags.json === true
        ? renderDocument("gate-explanation", explained)
        : renderGateExplanation(explained, io),
    );
  });
}
