import type { Json } from "../../../core/hash.js";
import { compareCodePoints } from "../../tau/python-json.js";
import { iterate } from "../../tau/python-values.js";

/** `sorted(ids)` of ids that were all found in the database, and so are texts. */
export function sorted(ids: Json): string[] {
  return iterate(ids).map(String).sort(compareCodePoints);
}
