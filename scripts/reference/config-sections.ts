import { formsOf, hasKeys, type JsonSchema } from "./json-schema.js";

/** One object of a file, with a table of its keys. */
export interface ConfigSection {
  /** File that it stands in, e.g. `gates.yaml`. */
  readonly file: string;
  /** Place in the file, e.g. `gates[].margin`; empty for the file itself. */
  readonly path: string;
  /** Which of several forms of the place it is, e.g. `kind: http`; null when there is one. */
  readonly form: string | null;
  /** The form of the outer place that it belongs to, e.g. `kind: http`; null at places without forms. */
  readonly within: string | null;
  readonly schema: JsonSchema;
}

/**
 * All objects of a file, the outer ones first.
 *
 * @param visited - schemas that the walk is within; a form of an outer place is not walked again
 */
export function sectionsOf(
  file: string,
  schema: JsonSchema,
  path = "",
  within: string | null = null,
  visited: readonly string[] = [],
): readonly ConfigSection[] {
  const forms = formsOf(schema);
  const objects = forms.filter(hasKeys);
  const names = formNames(objects);
  const own = objects.flatMap((one, index): readonly ConfigSection[] => {
    const key = sameAs(one);
    if (visited.includes(key)) return [];
    const form = names[index] ?? null;
    const inner = Object.entries(one.properties ?? {}).flatMap(([name, child]) =>
      sectionsOf(file, child, path === "" ? name : `${path}.${name}`, form ?? within, [...visited, key]),
    );
    return [{ file, path, form, within, schema: one }, ...inner];
  });
  const below = forms.flatMap((one) => [
    ...(one.items === undefined ? [] : sectionsOf(file, one.items, `${path}[]`, within, visited)),
    ...(typeof one.additionalProperties === "object"
      ? sectionsOf(file, one.additionalProperties, `${path}.<name>`, within, visited)
      : []),
  ]);
  return [...own, ...below];
}

/** Objects with the same keys are described once, however they are introduced. */
export function sameAs({ properties, required }: JsonSchema): string {
  return JSON.stringify([properties, required ?? []]);
}

/** By the key whose value is fixed, else by the keys that must be there. */
function formNames(objects: readonly JsonSchema[]): readonly (string | null)[] {
  if (objects.length < 2) return objects.map(() => null);
  return objects.map((one) => {
    const entries = Object.entries(one.properties ?? {});
    const kind = entries.find(([name, { const: value }]) => name === "kind" && value !== undefined);
    return kind === undefined ? (one.required ?? []).join(", ") : `kind: ${String(kind[1].const)}`;
  });
}
