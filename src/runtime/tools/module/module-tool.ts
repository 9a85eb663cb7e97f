import { ProviderError } from "../../../core/errors.js";
import type { Json } from "../../../core/hash.js";
import type { ToolOutcome } from "../../../environments/environment.js";
import { argumentsValidator } from "../policy/check-schema.js";
import { refusedCall, type Tool, UnknownOutcomeError } from "../tool.js";
import { asksByDefault } from "../tool-policy.js";
import type { ToolDeclaration } from "./tool-declaration.js";

const DEFAULT_TIMEOUT_MS = 30_000;
const KEYS: ReadonlySet<string> = new Set([
  "name",
  "description",
  "parameters",
  "call",
  "reversibility",
  "permission",
  "caps",
  "bindings",
  "confirm",
  "timeoutMs",
  "resultFields",
  "compensation",
  "isIdempotent",
  "ends",
  "lookUp",
]);

/** What is wrong with a declaration; empty when nothing is. */
export function declarationProblems(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return ["expected an object"];
  const given = value as Readonly<Record<string, unknown>>;
  const problems = Object.keys(given)
    .filter((key) => !KEYS.has(key))
    .map((key) => `unknown key ${JSON.stringify(key)}; known keys: ${[...KEYS].join(", ")}`);
  const wants = (isRight: boolean, message: string) => void (isRight || problems.push(message));
  const optional = (key: string, isRight: (found: unknown) => boolean, wanted: string) =>
    wants(given[key] === undefined || isRight(given[key]), `\`${key}\` wants ${wanted}`);
  const isText = (found: unknown) => typeof found === "string" && found !== "";
  const isList = (test: (one: unknown) => boolean) => (found: unknown) =>
    Array.isArray(found) && found.every(test);
  const hasPath = (one: unknown) =>
    typeof one === "object" && one !== null && "path" in one && isText(one.path);
  wants(
    typeof given.name === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(given.name),
    "`name` wants letters, digits, _ and -, at most 64",
  );
  wants(isText(given.description), "`description` wants a text");
  wants(typeof given.call === "function", "`call` wants a function");
  wants(schemaWorks(given.parameters), "`parameters` wants a JSON Schema that can be used, of type object");
  optional(
    "reversibility",
    (found) => ["read", "reversible", "irreversible"].includes(String(found)),
    "read, reversible or irreversible",
  );
  optional("permission", isText, "a scope");
  optional("caps", isList(hasPath), "a list of { path, max, … }");
  optional(
    "bindings",
    isList((one) => hasPath(one) && /^(tenant|user)$/.test(String((one as { to?: unknown }).to))),
    "a list of { path, to: tenant or user, mode }",
  );
  optional("confirm", (found) => typeof found === "boolean", "true or false");
  optional("ends", (found) => typeof found === "boolean", "true or false");
  optional("timeoutMs", (found) => Number.isInteger(found) && Number(found) > 0, "milliseconds above 0");
  optional("resultFields", isList(isText), "a list of field names");
  optional(
    "compensation",
    (found) => typeof found === "object" && found !== null && "tool" in found && isText(found.tool),
    "{ tool, args }",
  );
  optional("isIdempotent", (found) => typeof found === "boolean", "true or false");
  optional("lookUp", (found) => typeof found === "function", "a function");
  return problems;
}

function schemaWorks(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null || !("type" in schema) || schema.type !== "object")
    return false;
  try {
    argumentsValidator(schema as Parameters<typeof argumentsValidator>[0]);
    return true;
  } catch {
    return false;
  }
}

/** A declaration, checked by {@link declarationProblems}, as a tool. */
export function moduleTool(declared: ToolDeclaration): Tool {
  const {
    name,
    description,
    parameters,
    reversibility = "irreversible",
    caps = [],
    bindings,
    lookUp,
  } = declared;
  return {
    spec: { name, description, parameters },
    source: "module",
    reversibility,
    ends: declared.ends ?? false,
    permission: declared.permission ?? null,
    caps,
    ...(bindings === undefined ? {} : { bindings }),
    needsConfirmation: declared.confirm ?? asksByDefault(reversibility, caps),
    timeoutMs: declared.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    resultFields: declared.resultFields ?? null,
    compensation: declared.compensation ?? null,
    isIdempotent: declared.isIdempotent ?? false,
    async call(args, context) {
      try {
        return outcomeOf(await declared.call(args, context));
      } catch (error) {
        if (error instanceof UnknownOutcomeError || error instanceof ProviderError) throw error;
        const reason = `${name} failed: ${error instanceof Error ? error.message : String(error)}`;
        if (reversibility === "read") return refusedCall(reason);
        throw new UnknownOutcomeError(reason, { cause: error });
      }
    },
    ...(lookUp === undefined
      ? {}
      : {
          lookUp: async (key, context) => {
            const found = await lookUp(key, context);
            return found === null ? null : outcomeOf(found);
          },
        }),
  };
}

function outcomeOf(result: Json | ToolOutcome | undefined): ToolOutcome {
  if (isOutcome(result)) return { content: result.content, isError: result.isError };
  return { content: typeof result === "string" ? result : JSON.stringify(result ?? null), isError: false };
}

function isOutcome(result: Json | ToolOutcome | undefined): result is ToolOutcome {
  return (
    typeof result === "object" &&
    result !== null &&
    "content" in result &&
    typeof result.content === "string" &&
    "isError" in result &&
    typeof result.isError === "boolean"
  );
}
