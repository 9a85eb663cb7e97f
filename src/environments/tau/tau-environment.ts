import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../core/errors.js";
import { contentHash, type Json } from "../../core/hash.js";
import type { JsonSchema, ToolSpec } from "../../core/message.js";
import type { Environment, EnvironmentTool } from "../environment.js";
import type { ReadonlyDict } from "./python-values.js";
import { TauDatabase } from "./tau-database.js";
import { type DeclaredTool, TauSession, type TauWorld } from "./tau-session.js";
import type { TauTool } from "./tau-tool.js";

/** What makes one tau-bench domain: its tables (one `db/<table>.json` each) and its tools. */
export interface TauDomain {
  readonly name: string;
  readonly tables: readonly string[];
  readonly tools: { readonly [name: string]: TauTool };
}

const toolsSchema = z.array(
  z.object({
    function: z.object({
      name: z.string(),
      description: z.string(),
      parameters: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
    }),
  }),
);
const tableSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Loads a tau-bench domain. Policy and tool schemas are read at once, the database when it is first needed.
 *
 * @param dataDir - folder with `policy.md`, `tools.json` and `db/`
 * @throws {ConfigError} when a file is missing or has another shape
 */
export function loadTauEnvironment(domain: TauDomain, dataDir: string): Environment {
  const policy = readText(join(dataDir, "policy.md"));
  const specs = readToolSpecs(domain, join(dataDir, "tools.json"));
  const tools = specs.map(
    (spec): EnvironmentTool => ({
      spec,
      sideEffect: domain.tools[spec.name]?.sideEffect ?? false,
      ends: domain.tools[spec.name]?.ends ?? false,
    }),
  );
  let world: TauWorld | undefined;
  const openWorld = (): TauWorld => {
    world ??= {
      database: new TauDatabase(
        new Map(domain.tables.map((table) => [table, readTable(join(dataDir, "db", `${table}.json`))])),
      ),
      tools: new Map(specs.map((spec) => [spec.name, declare(domain, spec)])),
      goldStates: new Map(),
    };
    return world;
  };
  let hash: string | undefined;
  return {
    name: domain.name,
    policy,
    tools,
    get hash() {
      hash ??= contentHash({ policy, tools: specs, state: openWorld().database.hash(new Map()) });
      return hash;
    },
    start: () => new TauSession(openWorld()),
  };
}

function declare(domain: TauDomain, spec: ToolSpec): DeclaredTool {
  const tool = domain.tools[spec.name] as TauTool;
  return { ...tool, parameters: Object.keys((spec.parameters as { properties: object }).properties) };
}

function readToolSpecs(domain: TauDomain, path: string): readonly ToolSpec[] {
  const specs = parseFile(path, toolsSchema).map(({ function: { name, description, parameters } }) => ({
    name,
    description,
    parameters: parameters as JsonSchema,
  }));
  const declared = specs.map((spec) => spec.name);
  const problems = [
    ...declared
      .filter((name) => !Object.hasOwn(domain.tools, name))
      .map((name) => `names unknown tool "${name}"`),
    ...Object.keys(domain.tools)
      .filter((name) => !declared.includes(name))
      .map((name) => `lacks tool "${name}"`),
  ];
  if (problems.length > 0) throw new ConfigError(problems.map((message) => ({ file: path, message })));
  return specs;
}

function readTable(path: string): ReadonlyMap<string, ReadonlyDict> {
  return new Map(Object.entries(parseFile(path, tableSchema) as { [id: string]: ReadonlyDict }));
}

function parseFile<T>(path: string, schema: z.ZodType<T>): T {
  let value: Json;
  try {
    value = JSON.parse(readText(path)) as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError([{ file: path, message: `expected JSON: ${error.message}` }], { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => ({
      file: path,
      message: `${issue.path.join(".")}: ${issue.message}`,
    })),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ file: path, message: `cannot be read: ${reason}` }], {
      cause: error,
      nextStep: "Reinstall agentctl, or give the folder that holds policy.md, tools.json and db/.",
    });
  }
}
