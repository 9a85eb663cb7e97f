import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError, type Problem } from "../../core/errors.js";
import { FACT_KINDS, type FactKind } from "./fact.js";

const DAY_MS = 86_400_000;

const seedSchema = z.strictObject({
  tenant: z.string().min(1).default("default"),
  user: z.string().min(1),
  id: z.string().min(1).optional(),
  kind: z.enum(FACT_KINDS).default("fact"),
  subject: z.string().min(1).default("user"),
  attribute: z.string().min(1).optional(),
  text: z.string().min(1),
  /** How long before the trial it was said. */
  age_days: z.number().min(0).default(0),
  /** How long after it was said it is forgotten. */
  ttl_days: z.number().positive().optional(),
});

/** A fact that trials begin with; ages, so that it is as old in every run. */
export interface SeedFact {
  readonly tenantId: string;
  readonly userId: string;
  readonly id: string;
  readonly kind: FactKind;
  readonly subject: string;
  /** Absent: nothing contradicts it. */
  readonly attribute: string | null;
  readonly text: string;
  readonly ageMs: number;
  readonly ttlMs: number | null;
}

/**
 * Reads a seed: one JSON object a line, empty lines are skipped.
 *
 * @param shown - the path as messages name it
 * @throws {ConfigError} with every problem of the file
 */
export function readSeed(path: string, shown: string): readonly SeedFact[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError([{ file: shown, message: "cannot be read" }], {
      cause,
      nextStep: "create it, or correct `memory.seed` (it is relative to the agent file)",
    });
  }
  const problems: Problem[] = [];
  const facts = text.split(/\r?\n/).flatMap((line, index): SeedFact[] => {
    if (line.trim() === "") return [];
    const parsed = seedSchema.safeParse(jsonOf(line));
    if (parsed.success) return [seedOf(parsed.data, index + 1)];
    for (const { path: key, message } of parsed.error.issues) {
      problems.push({ file: shown, line: index + 1, message: `${key.join(".") || "the line"}: ${message}` });
    }
    return [];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return facts;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

function seedOf(row: z.output<typeof seedSchema>, line: number): SeedFact {
  return {
    tenantId: row.tenant,
    userId: row.user,
    id: row.id ?? `seed-${line}`,
    kind: row.kind,
    subject: row.subject,
    attribute: row.attribute ?? null,
    text: row.text,
    ageMs: row.age_days * DAY_MS,
    ttlMs: row.ttl_days === undefined ? null : row.ttl_days * DAY_MS,
  };
}
