import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { sqliteVersion } from "../../store/inspect-store.js";
import { agentctlVersion } from "../project/agentctl-version.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";

const run = promisify(execFile);
const LEAST_NODE: readonly number[] = [20, 18, 1];
const WAIT_MS = 3000;
const { ok, warning, problem } = checksOf("program");

/** Versions of what agentctl runs on, and of the programs that some features call. */
export async function checkProgram({ workingDirectory }: DoctorContext): Promise<readonly DoctorCheck[]> {
  return [
    ok("agentctl", agentctlVersion),
    checkNode(process.versions.node),
    checkSqlite(),
    await checkTool("git", workingDirectory, "runs do not say which commit they are of"),
    await checkTool("python3", workingDirectory, "agents and examples in Python cannot be started"),
  ];
}

function checkNode(version: string): DoctorCheck {
  const numbers = version.split(".").map(Number);
  const index = numbers.findIndex((number, place) => number !== LEAST_NODE[place]);
  const isOld = index !== -1 && (numbers[index] ?? 0) < (LEAST_NODE[index] ?? 0);
  const evidence = `${version} on ${process.platform} ${process.arch}`;
  return isOld
    ? problem("node", `${evidence}; expected at least ${LEAST_NODE.join(".")}`, "install a newer Node.js")
    : ok("node", evidence);
}

function checkSqlite(): DoctorCheck {
  try {
    return ok("sqlite", sqliteVersion());
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return problem("sqlite", `cannot be loaded: ${reason}`, "npm rebuild better-sqlite3");
  }
}

async function checkTool(name: string, cwd: string, without: string): Promise<DoctorCheck> {
  try {
    const { stdout, stderr } = await run(name, ["--version"], { cwd, timeout: WAIT_MS });
    return ok(name, (stdout || stderr).trim().split("\n")[0] ?? "");
  } catch {
    return warning(name, `not found: ${without}`, `install ${name}, or do without`);
  }
}
