import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { StoreError, UsageError } from "../../core/errors.js";
import { packageRoot } from "./package-root.js";

/** What a new project starts with: the shipped starter suite, which runs without a key or a network. */
const FROM_PACKAGE = [
  "agents/support.yaml",
  "agents/prompts/support.md",
  "gates.yaml",
  "judges",
  "datasets/starter.jsonl",
  "datasets/handbook",
];

/** Lines that a project's .gitignore needs: run history and reports are made again at any time. */
const IGNORED = [".agentctl/", "reports/", ".env"];

/** Editors find the schemas of these files in the installed package. */
const SHIPPED_SCHEMAS = /\$schema=(\.\.?)\/schemas\//;
const INSTALLED_SCHEMAS = "$$schema=$1/node_modules/agentctl/schemas/";

export interface ScaffoldResult {
  /** Files written, relative to the folder. */
  readonly created: readonly string[];
  /** Files that were there already and were left as they are. */
  readonly kept: readonly string[];
}

/**
 * Writes a project into a folder, empty or not. A file that exists is never changed, except that
 * `.gitignore` gets the lines that it lacks.
 *
 * @throws {UsageError} when it is no folder
 * @throws {StoreError} when a file cannot be written
 */
export function scaffoldProject(folder: string): ScaffoldResult {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`expected a folder, found the file ${folder}`, {
      nextStep: "name a folder that is empty or does not exist yet",
    });
  }
  const created: string[] = [];
  const kept: string[] = [];
  const templates = join(packageRoot, "templates");
  const sources = [
    ...filesBelow(templates).map((file) => ({ from: file, to: join(folder, relative(templates, file)) })),
    ...FROM_PACKAGE.flatMap((name) => filesBelow(join(packageRoot, name))).map((file) => ({
      from: file,
      to: join(folder, relative(packageRoot, file)),
    })),
  ];
  try {
    for (const { from, to } of sources) {
      if (existsSync(to)) {
        kept.push(relative(folder, to));
        continue;
      }
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, readFileSync(from, "utf8").replace(SHIPPED_SCHEMAS, INSTALLED_SCHEMAS));
      created.push(relative(folder, to));
    }
    if (addIgnoredLines(join(folder, ".gitignore"))) created.push(".gitignore");
  } catch (cause) {
    throw new StoreError(`cannot write into ${folder}: ${(cause as Error).message}`, { cause });
  }
  return { created, kept };
}

function filesBelow(path: string): readonly string[] {
  const entries = readdirSync(dirname(path), { withFileTypes: true });
  const own = entries.find((entry) => join(dirname(path), entry.name) === path);
  if (own?.isFile() === true) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}

function addIgnoredLines(file: string): boolean {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = IGNORED.filter((line) => !lines.has(line));
  if (missing.length === 0) return false;
  const separator = text === "" || text.endsWith("\n") ? "" : "\n";
  writeFileSync(file, `${text}${separator}${missing.join("\n")}\n`);
  return true;
}
