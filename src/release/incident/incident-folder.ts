import { join, resolve } from "node:path";
import type { Incident } from "../../config/release/incident-schema.js";
import { UsageError } from "../../core/errors.js";
import { writeWhole } from "../../eval/output/write-whole.js";
import { shownPath } from "../../eval/project/shown-path.js";
import { incidentIds, readIncident, withStatus } from "./incident-file.js";

/** The incidents of a folder. */
interface IncidentFolder {
  /** How messages name a file. */
  shown(file: string): string;
  all(): readonly Incident[];
  /**
   * @param id - of an incident or a release; left out: the one that was opened last
   * @throws {UsageError} when there is none
   */
  find(id: string | undefined): { readonly incident: Incident; readonly file: string };
  /** @throws {UsageError} while contributing factors or actions are missing */
  close(id: string | undefined): Promise<{ readonly incident: Incident; readonly file: string }>;
}

/** What a list shows of an incident. */
export function incidentSummary({ id, service, release, status, opened_at, summary, exposure }: Incident) {
  return { id, service, release, status, opened_at, summary, exposure };
}

export function openFolder(folder: string, workingDirectory: string): IncidentFolder {
  const path = resolve(workingDirectory, folder);
  const shown = (file: string) => shownPath(file, workingDirectory);
  const all = () => incidentIds(path).map((id) => readIncident(path, id, shown));
  const find = (id: string | undefined) => {
    const wanted = id ?? latest(all());
    if (wanted === undefined) {
      throw new UsageError(`${shown(path)}: expected an incident, found none`, {
        nextStep: "a rollback writes one; --folder names another place",
      });
    }
    const incident = readIncident(path, wanted, shown);
    return { incident, file: shown(join(path, `${incident.id}.yaml`)) };
  };
  return {
    shown,
    all,
    find,
    async close(id) {
      const { incident, file } = find(id);
      const missing = [
        ...(incident.contributing_factors.length === 0 ? ["contributing_factors"] : []),
        ...(incident.actions.length === 0 ? ["actions"] : []),
      ];
      if (missing.length > 0) {
        throw new UsageError(`${file}: expected ${missing.join(" and ")} before it is closed, found none`, {
          nextStep: "write down what led to it and what will be done; then close it",
        });
      }
      await writeWhole(join(path, `${incident.id}.yaml`), withStatus(path, incident.id, "closed"));
      return { incident: { ...incident, status: "closed" }, file };
    },
  };
}

function latest(incidents: readonly Incident[]): string | undefined {
  return incidents.toSorted((a, b) => (a.opened_at < b.opened_at ? 1 : -1))[0]?.id;
}
