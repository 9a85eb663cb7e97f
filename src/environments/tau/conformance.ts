import { z } from "zod";
import { DatasetError, type Problem } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import type { Environment } from "../environment.js";
import { isEqual } from "./python-values.js";

const episodeSchema = z.object({
  episode: z.union([z.number(), z.string()]),
  calls: z.array(
    z.object({
      name: z.string(),
      arguments: z.record(z.string(), z.json()),
      result: z.json(),
      any_error: z.boolean().nullish(),
    }),
  ),
  state_sha256: z.string(),
});

/** Tool calls on a fresh state, the answers of the original tools, and the state after the last call. */
export type ConformanceEpisode = z.infer<typeof episodeSchema>;

/** One answer or state hash that is not as recorded. */
interface ConformanceDifference {
  readonly episode: number | string;
  /** 0-based index of the call in its episode, or `"state"`. */
  readonly call: number | "state";
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

export interface ConformanceReport {
  /** Answers and state hashes that are as recorded. */
  readonly passed: number;
  readonly differences: readonly ConformanceDifference[];
}

/**
 * Reads a conformance file: one episode a line.
 *
 * @throws {DatasetError} naming every line that is no episode, or when there is none at all
 */
export function parseConformance(text: string, file: string): readonly ConformanceEpisode[] {
  const episodes: ConformanceEpisode[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    try {
      const parsed = episodeSchema.safeParse(JSON.parse(line));
      if (parsed.success) episodes.push(parsed.data);
      else {
        for (const issue of parsed.error.issues) {
          problems.push({ file, line: index + 1, message: `${issue.path.join(".")}: ${issue.message}` });
        }
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      problems.push({ file, line: index + 1, message: `expected JSON: ${error.message}` });
    }
  }
  if (problems.length === 0 && episodes.length === 0) problems.push({ file, message: "holds no episode" });
  if (problems.length > 0) throw new DatasetError(problems);
  return episodes;
}

/** Runs every episode on a fresh state of the environment. */
export function runConformance(
  environment: Environment,
  episodes: readonly ConformanceEpisode[],
): ConformanceReport {
  const differences: ConformanceDifference[] = [];
  let passed = 0;
  for (const { episode, calls, state_sha256 } of episodes) {
    const session = environment.start();
    for (const [call, { name, arguments: args, result, any_error }] of calls.entries()) {
      const got = session.call(name, args).content;
      const expected = textOf(result);
      const isRight = any_error === true ? got.startsWith("Error") : isSameAnswer(expected, got);
      if (isRight) passed++;
      else {
        const what = `${name}(${JSON.stringify(args)})`;
        differences.push({ episode, call, what, expected: any_error ? "Error..." : expected, got });
      }
    }
    const hash = session.stateHash();
    if (hash === state_sha256) passed++;
    else {
      differences.push({ episode, call: "state", what: "final state", expected: state_sha256, got: hash });
    }
  }
  return { passed, differences };
}

/** A Python tool that returns nothing is recorded as null or as the text "None". */
function textOf(result: Json): string {
  if (result === null) return "None";
  return typeof result === "string" ? result : JSON.stringify(result);
}

/** Whether two answers are equal as JSON values, numbers by value, or as texts where they are no JSON. */
export function isSameAnswer(expected: string, got: string): boolean {
  if (expected === got) return true;
  const [left, right] = [jsonOf(expected), jsonOf(got)];
  return left !== undefined && right !== undefined && isEqual(left, right);
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
