import { compile, type JSONValue, TreeInterpreter } from "@jmespath-community/jmespath";

/** Finds something in the JSON of a response; `null` where it is not. */
export type Finder = (value: unknown) => unknown;

/**
 * Compiles a JMESPath expression.
 *
 * @returns what is wrong with it, where it cannot be used
 */
export function compiled(expression: string): Finder | { readonly wrong: string } {
  try {
    const node = compile(expression);
    return (value) => {
      try {
        return TreeInterpreter.search(node, value as JSONValue) ?? null;
      } catch {
        // A function that does not fit the type that it finds: what is asked for is not there.
        return null;
      }
    };
  } catch (error) {
    return {
      wrong: `\`${expression}\` is no JMESPath: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
