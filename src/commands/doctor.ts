import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl doctor                   everything that an evaluation rests on
  agentctl doctor --offline --json  without the network, one JSON document on stdout

Exit codes: 0 no problem (warnings are none), 2 problems in files or variables,
3 problems of machine, store or network.`;

export function addDoctorCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("doctor")
    .summary("look for what keeps an evaluation from working, and say what mends it")
    .description(
      "Looks at versions, files, keys, endpoints, the run history, the clock, judges and the baseline, and says what " +
        "mends a problem. Keys are never shown, no model is asked, and nothing is changed.",
    )
    .option("--offline", "do not ask endpoints whether they answer")
    .option("--env-file <file>", "file with environment variables (default: .env)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (flags: OutputFlags & { config?: string; offline?: boolean }) => {
      const { examine, exitCodeOfDoctor } = await import("../eval/doctor/examine.js");
      const { renderDoctor, renderDoctorJson } = await import("../report/doctor-text.js");
      const report = await examine(flags.config, {
        workingDirectory: io.cwd,
        env: io.env,
        clock: systemClock,
        isOffline: flags.offline === true,
      });
      io.print(flags.json === true ? renderDoctorJson(report) : renderDoctor(report, io));
      io.setExitCode(exitCodeOfDoctor(report));
    },
  );
}
