import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { addGateCheck } from "./gate-check.js";
import { addGateExplain } from "./gate-explain.js";
import { addGatePlan } from "./gate-plan.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl gate                                  judge the latest run by gates.yaml
  agentctl gate main --rules strict.yaml --json  judge the run tagged main by other rules

Exit codes: 0 pass, 1 fail, 2 wrong flags or files, 3 error (no trial could run), 4 inconclusive.`;

interface GateOptions extends OutputFlags {
  readonly config?: string;
  readonly rules?: string;
  readonly updateBaseline?: boolean;
  readonly force?: boolean;
  readonly reason?: string;
}

export function addGateCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("gate")
    .summary("judge a stored run by gates.yaml")
    .description("Judges a stored run by the rules of gates.yaml and exits with the verdict.")
    .argument("[run]", "run id, its beginning, a tag, or `latest`", "latest")
    .addHelpText("after", EXAMPLES);
  withConfigFlag(command)
    .option("--rules <file>", "gate rules (default: `gates` of agentctl.yaml)")
    .option("--update-baseline", "make this run the baseline if it passes on the default branch")
    .option("--force", "judge against a baseline that is unlike this run; wants --reason")
    .option("--reason <text>", "why; the report shows it");
  withOutputFlags(command).action(async (run: string, flags: GateOptions) => {
    const { gateRun } = await import("../eval/gate/gate-stored-run.js");
    const { renderGateReport, renderGateJson } = await import("../report/gate-text.js");
    const { exitCodeFor } = await import("../gates/exit-code.js");
    const services = { workingDirectory: io.cwd, clock: systemClock, env: io.env };
    const { report, notes } = await gateRun(run, flags, services);
    for (const text of notes) notesFor(flags, io)(text);
    io.print(flags.json === true ? renderGateJson(report) : renderGateReport(report, io));
    io.setExitCode(exitCodeFor(report.verdict));
  });
  addGateCheck(command, io);
  addGateExplain(command, io);
  addGatePlan(command, io);
}
