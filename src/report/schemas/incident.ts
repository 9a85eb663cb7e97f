import { z } from "zod";
import { incidentSchema } from "../../config/release/incident-schema.js";

export const incident = z.strictObject({
  file: z.string().describe("Its file, relative to the working directory."),
  isNew: z.boolean().describe("Whether this call wrote it."),
  incident: incidentSchema,
});

export const incidentList = z.strictObject({
  incidents: z.array(
    incidentSchema.pick({
      id: true,
      service: true,
      release: true,
      status: true,
      opened_at: true,
      summary: true,
      exposure: true,
    }),
  ),
});

export const incidentCases = z.strictObject({
  dataset: z.string(),
  added: z.array(z.string()).describe("Ids of the cases that were added."),
  kept: z.array(z.string()).describe("Ids that the golden set had already."),
});
