import type { Incident } from "../../config/release/incident-schema.js";
import type { CaseDraft } from "../../datasets/write-dataset.js";

/**
 * The golden cases of an incident's actions, not yet checked. Their ids follow from incident and action, so that a second
 * time adds none; each carries the incident as a tag and is a group of its own unless it says otherwise.
 */
export function incidentCases(incident: Incident): CaseDraft[] {
  return incident.actions.flatMap((action, index) => {
    if (action.case === undefined) return [];
    const { tags, ...given } = action.case;
    return [
      {
        line: undefined,
        place: `actions[${index}].case: `,
        value: {
          id: `${incident.id}-${index + 1}`,
          ...given,
          tags: [...(Array.isArray(tags) ? tags : []), "incident", `incident:${incident.id}`],
        },
      },
    ];
  });
}
