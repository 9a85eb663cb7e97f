import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonSchema } from "../../../core/message.js";
import type { ToolArguments } from "../tool.js";

const OPTIONS = {
  strict: false,
  validateFormats: false,
  allErrors: false,
  logger: false,
  addUsedSchema: false,
} as const;
const newer = new Ajv2020(OPTIONS);
const older = new Ajv(OPTIONS);
const validators = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * What is wrong with arguments under a tool's schema, draft 2020-12 unless it names draft-07 or older; `null` when
 * nothing is. An argument that the schema does not name is wrong, unless it says `additionalProperties`: a field such
 * as `scopes` must not travel on to a system that may heed it.
 *
 * @throws {Error} when the schema itself cannot be used
 */
export function schemaProblem(schema: JsonSchema, args: ToolArguments): string | null {
  const validate = argumentsValidator(schema);
  if (!validate(args)) {
    const [first] = validate.errors ?? [];
    return `arguments${first?.instancePath.replaceAll("/", ".") ?? ""} ${first?.message ?? "do not fit the schema"}`;
  }
  const undeclared = Object.keys(args).find((key) => !isDeclared(schema, key));
  return undeclared === undefined
    ? null
    : `arguments must not have ${JSON.stringify(undeclared.slice(0, 64))}`;
}

/**
 * Compiles a schema of arguments, once for each schema object.
 *
 * @throws {Error} when it cannot be used
 */
export function argumentsValidator(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const dialect = typeof schema.$schema === "string" ? schema.$schema : "";
  const { $schema, $id, ...rest } = schema;
  const compiler = /draft-0[467]/.test(dialect) ? older : newer;
  const compiled = compiler.compile(rest);
  // The compiler would keep every schema for good.
  compiler.removeSchema(rest);
  validators.set(schema, compiled);
  return compiled;
}

function isDeclared(schema: JsonSchema, key: string): boolean {
  if (!("properties" in schema) || COMPOSED.some((word) => word in schema)) return true;
  const { properties } = schema;
  return typeof properties === "object" && properties !== null && Object.hasOwn(properties, key);
}

/** With these the names of the arguments do not stand in `properties` alone, and the schema itself has to be strict. */
const COMPOSED = [
  "additionalProperties",
  "patternProperties",
  "unevaluatedProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "$ref",
];
