import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import type { DoctorArea, DoctorCheck, DoctorReport, DoctorState } from "../../report/doctor-report.js";
import { checkBaseline } from "./check-baseline.js";
import { checkClock } from "./check-clock.js";
import { checkEndpoints } from "./check-endpoints.js";
import { checkJudges } from "./check-judges.js";
import { checkKeys } from "./check-keys.js";
import { checkProgram } from "./check-program.js";
import { checkProject } from "./check-project.js";
import { checkStore } from "./check-store.js";
import type { DoctorContext } from "./doctor-context.js";

const WORST_FIRST: readonly DoctorState[] = ["problem", "warning", "unknown"];
/** What a person mends in files and variables; the rest is the machine's or the network's. */
const OF_THE_USER: readonly DoctorArea[] = ["project", "keys", "judges", "baseline"];

/** `agentctl doctor`: looks at everything that an evaluation rests on. Costs nothing and changes nothing. */
export async function examine(configFile: string | undefined, context: DoctorContext): Promise<DoctorReport> {
  const { project, settings, checks: files } = await checkProject(configFile, context);
  const [program, endpoints] = await Promise.all([
    checkProgram(context),
    project === null ? null : checkEndpoints(settings, context),
  ]);
  const checks: readonly DoctorCheck[] = [
    ...program,
    ...files,
    ...(project === null ? [] : checkKeys(settings, context)),
    ...(endpoints?.checks ?? []),
    ...(project === null ? [] : checkStore(project, context)),
    ...(await checkClock(endpoints?.skewMs ?? new Map(), context)),
    ...(project === null ? [] : checkJudges(project, context)),
    ...(project === null ? [] : await checkBaseline(project, context)),
  ];
  const state = WORST_FIRST.find((one) => checks.some((check) => check.state === one)) ?? "ok";
  return { state, checks };
}

/** 0 without a problem, 3 when machine, store or network have one, 2 when only files or variables do. */
export function exitCodeOfDoctor({ checks }: DoctorReport): ExitCode {
  const problems = checks.filter((check) => check.state === "problem");
  if (problems.length === 0) return EXIT.ok;
  return problems.every(({ area }) => OF_THE_USER.includes(area)) ? EXIT.userError : EXIT.infrastructure;
}
