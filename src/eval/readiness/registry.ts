import type { ItemDefinition } from "./finding.js";
import { evalKitItems } from "./items/eval-kit.js";
import { observabilityItems } from "./items/observability.js";
import { reliabilityItems } from "./items/reliability.js";
import { safetyItems } from "./items/safety.js";
import { sloItems } from "./items/slos.js";

/** Every item of the checklists, in the order in which they are shown. */
export const readinessItems: readonly ItemDefinition[] = [
  ...observabilityItems,
  ...reliabilityItems,
  ...safetyItems,
  ...evalKitItems,
  ...sloItems,
];
