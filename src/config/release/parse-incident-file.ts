import { parseYamlFile } from "../yaml-file.js";
import { type Incident, incidentSchema } from "./incident-schema.js";

/**
 * Reads the file of an incident.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseIncidentFile(text: string, file: string): Incident {
  return parseYamlFile(text, file, incidentSchema);
}
