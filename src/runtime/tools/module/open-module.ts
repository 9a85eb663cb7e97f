import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../../../core/errors.js";
import { sha256 } from "../../../core/hash.js";
import { importModule, loadFailure } from "../../import-module.js";
import type { OpenedTools, ToolSourceContext } from "../agent-tools.js";
import { declarationProblems, moduleTool } from "./module-tool.js";
import type { ToolDeclaration } from "./tool-declaration.js";

const NEXT_STEP = "docs/tools.md shows a whole module";

/**
 * Loads a module of tools, and runs it. TypeScript is stripped of its types, not checked.
 *
 * @param path - relative to the agent file
 * @throws {ConfigError} with every problem of the module
 */
export async function openModule(path: string, { file, folder }: ToolSourceContext): Promise<OpenedTools> {
  const refuse = (messages: readonly string[], cause?: unknown) =>
    new ConfigError(
      messages.map((message) => ({ file, message: `tools module ${path}: ${message}` })),
      { nextStep: NEXT_STEP, ...(cause === undefined ? {} : { cause }) },
    );
  const absolute = resolve(folder, path);
  if (statSync(absolute, { throwIfNoEntry: false })?.isFile() !== true) {
    throw refuse(["expected a file, relative to the agent file; found none"]);
  }
  let loaded: unknown;
  try {
    loaded = await importModule(absolute);
  } catch (error) {
    throw refuse([loadFailure(error)], error);
  }
  const declared =
    typeof loaded === "object" && loaded !== null && "tools" in loaded ? loaded.tools : undefined;
  if (!Array.isArray(declared) || declared.length === 0) {
    throw refuse(["expected an export `tools`, a list of at least one tool"]);
  }
  const problems = declared.flatMap((one: unknown, index) =>
    declarationProblems(one).map((problem) => `tools[${index}]: ${problem}`),
  );
  if (problems.length > 0) throw refuse(problems);
  return {
    tools: (declared as readonly ToolDeclaration[]).map(moduleTool),
    hash: sha256(readFileSync(absolute)),
  };
}
