import { resolve } from "node:path";
import { z } from "zod";
import { parseYamlFile } from "../../config/yaml-file.js";
import { UsageError } from "../../core/errors.js";
import { type ImportedDataset, tableDataset, tableRun } from "../../datasets/import/table.js";
import { readCsv, readJsonLines, type TableRow } from "../../datasets/import/table-file.js";
import { otherKindHint } from "../../datasets/import/table-kind.js";
import {
  isTrialTarget,
  type Mapping,
  type MappingEntry,
  mappingOf,
} from "../../datasets/import/table-mapping.js";
import type { ImportedDatasetReport } from "../../report/imported-dataset.js";
import type { RunReport } from "../../report/run-report.js";
import { readTextFile } from "../project/read-text-file.js";
import { type ImportDatasetFlags, importDataset } from "./import-dataset.js";
import { type ImportNameFlags, named } from "./import-named.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportTableFlags extends ImportFlags, ImportDatasetFlags, ImportNameFlags {
  /** `key=expression`, in order. */
  readonly map?: readonly string[];
  /** YAML file of keys and expressions; those of `map` win. */
  readonly mapping?: string;
  /** Character between cells of CSV. */
  readonly delimiter?: string;
}

/** Either the golden set or the run that an import made. */
export type Imported =
  | { readonly kind: "dataset"; readonly report: ImportedDatasetReport }
  | { readonly kind: "run"; readonly report: RunReport };

const mappingSchema = z.record(z.string(), z.unknown());

/**
 * Stores a table as a run, or writes it as a golden set, as its mapping says.
 *
 * @throws {UsageError} on a mapping that is wrong, with all of its problems, or that makes neither
 * @throws {DatasetError} with every problem of the file at once; nothing is then stored or written
 */
export async function importTable(
  format: "csv" | "jsonl",
  file: string,
  flags: ImportTableFlags,
  services: ImportServices,
): Promise<Imported> {
  const { workingDirectory } = services;
  const entries = entriesOf(flags, workingDirectory);
  const { dataset } = flags;
  if (dataset !== undefined) {
    const read = async (path: string): Promise<ImportedDataset> => {
      const { rows, mappings } = await readMapped(format, path, entries, flags);
      return tableDataset(path, rows, mappings);
    };
    return {
      kind: "dataset",
      report: await importDataset(file, read, { ...flags, dataset }, workingDirectory),
    };
  }
  const read = async (path: string) => {
    const { rows, mappings } = await readMapped(format, path, entries, flags);
    if (!mappings.some(({ target }) => isTrialTarget(target))) {
      throw new UsageError("expected --dataset <file>, or a mapping that makes a run; found neither", {
        nextStep: "write a golden set with --dataset, or map output, score.success or score.<name>",
      });
    }
    return named(tableRun(path, rows, mappings), flags);
  };
  return { kind: "run", report: await importRun(file, format, read, flags, services) };
}

async function readMapped(
  format: "csv" | "jsonl",
  path: string,
  entries: readonly MappingEntry[],
  flags: ImportTableFlags,
): Promise<{ readonly rows: readonly TableRow[]; readonly mappings: readonly Mapping[] }> {
  const { columns, rows } =
    format === "csv"
      ? await readCsv(path, flags.delimiter ?? ",")
      : { columns: null, rows: await readJsonLines(path) };
  const hint = format === "jsonl" ? otherKindHint(rows[0]?.value, "agentctl import jsonl") : "";
  if (entries.length === 0) {
    const keys = columns ?? Object.keys(rows[0]?.value ?? {});
    throw new UsageError(`expected --map key=expression or --mapping <file>, found neither${hint}`, {
      nextStep: `map at least an input: --map id=… --map input=…; ${path} has ${keys.slice(0, 20).join(", ")}`,
    });
  }
  const { mappings, problems } = mappingOf(entries, columns);
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}${hint}`);
  if (!mappings.some(({ target }) => target === "id" || target === "input")) {
    throw new UsageError("expected id or input to be mapped, found neither", {
      nextStep: "add --map id=<column>, or --map input=<column>",
    });
  }
  return { rows, mappings };
}

function entriesOf(flags: ImportTableFlags, workingDirectory: string): readonly MappingEntry[] {
  const fromFlags = (flags.map ?? []).map((text): MappingEntry => {
    const equals = text.indexOf("=");
    if (equals < 1) {
      throw new UsageError(`--map ${text}: expected key=expression`, {
        nextStep: "write for example --map id=ticket",
      });
    }
    const target = text.slice(0, equals).trim();
    return { place: `--map ${target}`, target, expression: text.slice(equals + 1) };
  });
  if (flags.mapping === undefined) return fromFlags;
  const { mapping } = flags;
  const path = resolve(workingDirectory, mapping);
  const text = readTextFile(path, mapping, "a mapping", "write one line `key: expression` for each key");
  const named = new Set(fromFlags.map(({ target }) => target));
  const fromFile = flat(parseYamlFile(text, mapping, mappingSchema), "").map(
    ([target, expression]): MappingEntry => ({ place: `${mapping}: ${target}`, target, expression }),
  );
  return [...fromFile.filter(({ target }) => !named.has(target)), ...fromFlags];
}

/** Nested keys as dotted ones: `expect: {answer: ideal}` is `expect.answer: ideal`. */
function flat(value: Readonly<Record<string, unknown>>, prefix: string): readonly [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? [...flat(inner as Readonly<Record<string, unknown>>, `${prefix}${key}.`)]
      : [[`${prefix}${key}`, String(inner ?? "")]],
  );
}
