import type { DoctorCheck } from "../../report/doctor-report.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";
import { type NamedSettings, wantedVariables } from "./endpoint-settings.js";

const { ok, warning, problem } = checksOf("keys");

/** Whether the variables that the project's files name are set. Their values are never shown, nor their length. */
export function checkKeys(
  settings: readonly NamedSettings[],
  { env }: DoctorContext,
): readonly DoctorCheck[] {
  const wanted = wantedVariables(settings, env);
  if (wanted.length === 0) return [ok("keys", "no file of the project needs one")];
  return wanted.map(({ name, need, by }) => {
    const value = env[name];
    const files = `for ${by.join(", ")}`;
    if (value === undefined || value.trim() === "") {
      const evidence = `missing, ${files}`;
      const fix = `set ${name} in the environment or in .env`;
      if (need === "always") return problem(name, evidence, fix);
      return need === "judging"
        ? warning(name, `${evidence}: only judges need it`, fix)
        : ok(name, `${evidence}; the endpoint may need none`);
    }
    return value === value.trim() && !/^["']|["']$/.test(value)
      ? ok(name, `set, ${files}`)
      : warning(name, `set, with spaces or quotes around it, ${files}`, `write ${name} without them`);
  });
}
