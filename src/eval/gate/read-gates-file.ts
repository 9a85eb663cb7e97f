import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import { type GatesNames, type ImportedRules, parseGatesFile } from "../../config/gates/parse-gates-file.js";
import { ConfigError } from "../../core/errors.js";
import { readTextFile } from "../project/read-text-file.js";
import { shownPath } from "../project/shown-path.js";

const NEXT_STEP = "run `agentctl init` to create one, or name another with --rules";

/** One gate file as it stands, without what it imports. */
interface GatesSource {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly shown: string;
  readonly own: GatesConfig;
}

/** A gate file and all that it imports. */
export interface GatesFile {
  /** With the gates, slices and waivers of every imported file before its own, and no `imports` left. */
  readonly rules: GatesConfig;
  /** Each file once, imported ones before those that import them; the file itself is the last. */
  readonly sources: readonly GatesSource[];
}

/**
 * Reads a gate file and the files that it imports, each relative to the one that names it. A file that two others
 * import is joined once. Baseline, defaults, flaky and canary are those of the file itself.
 *
 * @param namesFor - what the rules of a file may name, by its text
 * @throws {ConfigError} with every problem of the first file that has some; a missing import and one that leads back to
 *   its importer are problems at the line that names it
 */
export function readGatesFile(
  path: string,
  workingDirectory: string,
  namesFor: (text: string) => GatesNames,
): GatesFile {
  const sources = readSources(resolve(path), [], { workingDirectory, namesFor, known: new Map() });
  const root = sources[sources.length - 1] as GatesSource;
  const { imports: _joined, slices: _slices, waivers: _waivers, ...own } = root.own;
  const slices = sources.flatMap((source) => source.own.slices ?? []);
  const waivers = sources.flatMap((source) => source.own.waivers ?? []);
  return {
    sources,
    rules: {
      ...own,
      gates: sources.flatMap((source) => source.own.gates),
      ...(slices.length > 0 ? { slices } : {}),
      ...(waivers.length > 0 ? { waivers } : {}),
    },
  };
}

interface Reading {
  readonly workingDirectory: string;
  readonly namesFor: (text: string) => GatesNames;
  /** What was read already, by its real path. */
  readonly known: Map<string, readonly GatesSource[]>;
}

/** @param importers - paths from the first file to the one that names this */
function readSources(path: string, importers: readonly string[], reading: Reading): readonly GatesSource[] {
  const known = reading.known.get(realPath(path));
  if (known !== undefined) return known;
  const shown = shownPath(path, reading.workingDirectory);
  const text = readTextFile(path, shown, "gate rules", NEXT_STEP);
  const imported = new Map<string, GatesSource>();
  const own = parseGatesFile(text, shown, {
    ...reading.namesFor(text),
    importOf: (reference): ImportedRules => {
      const target = resolve(dirname(path), reference);
      const chain = [...importers, path];
      if (chain.some((one) => realPath(one) === realPath(target)))
        return { problem: circle(chain, target, reading.workingDirectory) };
      const found = readImport(target, chain, reading);
      if ("problem" in found) return found;
      for (const source of found.sources) imported.set(realPath(source.path), source);
      return { rules: found.sources.flatMap(({ own: { gates, slices } }) => [...gates, ...(slices ?? [])]) };
    },
  });
  const sources = [...imported.values(), { path, shown, own }];
  reading.known.set(realPath(path), sources);
  return sources;
}

/** What is wrong inside the imported file is told as such; that it cannot be read concerns the line that names it. */
function readImport(
  target: string,
  importers: readonly string[],
  reading: Reading,
): { readonly sources: readonly GatesSource[] } | { readonly problem: string } {
  try {
    return { sources: readSources(target, importers, reading) };
  } catch (error) {
    if (!(error instanceof ConfigError) || error.problems.some(({ line }) => line !== undefined)) throw error;
    const shown = shownPath(target, reading.workingDirectory);
    return { problem: `imports \`${shown}\`: ${error.problems.map(({ message }) => message).join("; ")}` };
  }
}

/** One path for a file, whatever links lead to it; the given one where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function circle(chain: readonly string[], target: string, workingDirectory: string): string {
  const first = chain.findIndex((one) => realPath(one) === realPath(target));
  const round = [...chain.slice(first), target].map((path) => shownPath(path, workingDirectory));
  return `imports a file that leads back to itself: ${round.join(" > ")}; remove one of these imports`;
}
