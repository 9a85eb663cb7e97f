import type { z } from "zod";
import { describeIssues } from "../../config/describe-issues.js";
import { JSON_WORDS } from "../../config/found-and-wanted.js";
import { DatasetError, type Problem, UsageError } from "../../core/errors.js";
import { numberTrials, type PlacedSimulation } from "./number-trials.js";
import { recordingValues } from "./recording-values.js";
import { tauBenchSchema, tauBenchSimulation } from "./tau-bench-simulation.js";
import { documentFacts, NO_FACTS, type RecordingFacts } from "./tau-document.js";
import { neighbourFacts } from "./tau-meta.js";
import type { RecordingContext, TauSimulation } from "./tau-simulation.js";
import { tau2Schema, tau2Simulation } from "./tau2-simulation.js";

/** Problems told in words; the rest is counted. */
const MAX_PROBLEMS = 50;
/** Places at which the same problem is told: a file of another kind has it on every line. */
const MAX_PLACES = 3;
/** Stands for a domain that nobody named, until it is known whether the file holds simulations at all. */
const NO_DOMAIN = "";
const UNKNOWN_MODEL = "unrecorded";

/** Which program wrote a simulation. */
export type TauShape = "tau-bench" | "tau2-bench";

/** The shape of one parsed simulation, or `null` when it is neither. */
export function detectTauShape(value: unknown): TauShape | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  if (!("task_id" in value)) return null;
  if ("termination_reason" in value || "start_time" in value || hasTurnIndex(value)) return "tau2-bench";
  const isTauBench = ["messages", "traj", "error", "info", "reward"].some((key) => key in value);
  return isTauBench ? "tau-bench" : null;
}

function hasTurnIndex(value: object): boolean {
  const messages: unknown = "messages" in value ? value.messages : undefined;
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
  return typeof first === "object" && first !== null && "turn_idx" in first;
}

/**
 * Whether the first JSON value of a file is a simulation of tau-bench or tau2-bench. Reads no further than
 * that, unless the file is one document.
 *
 * @throws {DatasetError} when the file cannot be opened or is one broken JSON document
 */
export async function isTauRecording(path: string): Promise<boolean> {
  for await (const entry of recordingValues(path)) {
    if ("value" in entry) return detectTauShape(entry.value) !== null;
  }
  return false;
}

/**
 * One parsed simulation of either shape.
 *
 * @returns the simulation, or what is wrong with it, every problem at once
 */
function parseTauSimulation(
  value: unknown,
  context: RecordingContext,
  wanted: TauShape | null,
): { readonly simulation: TauSimulation } | { readonly problems: readonly string[] } {
  const shape = detectTauShape(value);
  if (wanted !== null && shape !== null && shape !== wanted) {
    return {
      problems: [`expected a ${wanted} simulation; this is one of ${shape}: use \`agentctl import tau\``],
    };
  }
  if (shape === null) {
    const bench = "a tau-bench result (task_id, trial, reward, messages or traj)";
    const bench2 = "a tau2-bench simulation (task_id, termination_reason, messages)";
    return { problems: [`expected ${wanted === "tau2-bench" ? bench2 : `${bench} or ${bench2}`}`] };
  }
  if (shape === "tau-bench") {
    const parsed = tauBenchSchema.safeParse(value);
    if (!parsed.success) return { problems: describe(parsed.error, tauBenchSchema, value) };
    return { simulation: tauBenchSimulation(parsed.data, context) };
  }
  const parsed = tau2Schema.safeParse(value);
  return parsed.success
    ? { simulation: tau2Simulation(parsed.data, context) }
    : { problems: describe(parsed.error, tau2Schema, value) };
}

function describe(error: z.ZodError, schema: z.ZodType, value: unknown): readonly string[] {
  const checked = { schema, value, words: JSON_WORDS, whole: "the simulation" };
  return describeIssues(error.issues, checked).map(({ message }) => message);
}

/**
 * Reads recorded simulations of tau-bench or tau2-bench: JSONL, a JSON array, or an object with
 * `simulations`. Crashed ones come out with `crash` set and without a reward, never as a reward of 0.
 *
 * @param path - as the user gave it; messages repeat it
 * @param domain - first part of the case ids: task 13 of `airline` is case `airline-13`; `null`: what the file says
 * @param given.agent - name of the agent's model; default: what the file, or `NAME.meta.json` beside it, says, else
 *   `unrecorded`
 * @param given.user - likewise of the model that plays the user
 * @param given.shape - refuse simulations of the other program
 * @throws {UsageError} without a domain
 * @throws {DatasetError} with every problem of the file at once, the first 50 in words and the same one at three
 *   places: bad JSON, another shape, the same simulation twice, no simulation at all
 */
export async function readTauRecording(
  path: string,
  domain: string | null,
  given: { readonly agent?: string; readonly user?: string; readonly shape?: TauShape } = {},
): Promise<readonly TauSimulation[]> {
  const contextOf = await contexts(path, domain, given);
  const placed: PlacedSimulation[] = [];
  const problems: PlacedProblem[] = [];
  for await (const entry of recordingValues(path)) {
    if ("problem" in entry) {
      problems.push({ ...entry.problem, kind: entry.problem.message });
      continue;
    }
    const at = entry.line === null ? { file: path } : { file: path, line: entry.line };
    const parsed = parseTauSimulation(entry.value, contextOf(entry.document), given.shape ?? null);
    if ("problems" in parsed) {
      for (const kind of parsed.problems) problems.push({ ...at, message: `${entry.place}${kind}`, kind });
      continue;
    }
    const place = entry.line === null ? entry.place.replace(": ", "") : `line ${entry.line}`;
    placed.push({ simulation: parsed.simulation, at: { ...at, message: entry.place }, place });
  }
  const numbered = numberTrials(placed);
  problems.push(...numbered.problems.map((problem) => ({ ...problem, kind: problem.message })));
  if (problems.length === 0 && placed.length === 0) {
    const message = "is empty; expected at least one simulation";
    problems.push({ file: path, message, kind: message });
  }
  if (problems.length > 0) throw new DatasetError(atMost(gathered(problems, path), path));
  if (numbered.simulations.some((simulation) => simulation.domain === NO_DOMAIN)) {
    throw new UsageError(`${path} does not say its domain; give it with --domain`);
  }
  return numbered.simulations;
}

/**
 * A domain becomes part of case ids and of report names.
 *
 * @throws {UsageError} when it holds anything but letters, digits, ".", "_" and "-"
 */
export function requireDomainName(domain: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(domain)) return;
  throw new UsageError(`--domain ${JSON.stringify(domain)}: expected letters, digits, ".", "_" and "-"`);
}

/** What is known of the simulations of a document, read once for each. */
async function contexts(
  path: string,
  domain: string | null,
  given: { readonly agent?: string; readonly user?: string },
): Promise<(document: object | null) => RecordingContext> {
  const beside = await neighbourFacts(path);
  const contextFor = (facts: RecordingFacts): RecordingContext => {
    const known = domain ?? facts.domain ?? beside.domain;
    if (domain === null && known !== null) requireDomainName(known);
    return {
      domain: known ?? NO_DOMAIN,
      agentModel: given.agent ?? facts.agentModel ?? beside.agentModel ?? UNKNOWN_MODEL,
      userModel: given.user ?? facts.userModel ?? beside.userModel ?? UNKNOWN_MODEL,
      tasks: facts.tasks,
    };
  };
  const known = new Map<object | null, RecordingContext>();
  return (document) => {
    const context = known.get(document) ?? contextFor(document === null ? NO_FACTS : documentFacts(document));
    known.set(document, context);
    return context;
  };
}

/** A problem with what it says apart from its place. */
interface PlacedProblem extends Problem {
  readonly kind: string;
}

/** A problem to tell, and how many it stands for. */
interface ToldProblem {
  readonly problem: Problem;
  readonly count: number;
}

/** The first places of each kind of problem, and after them how many more there are. */
function gathered(problems: readonly PlacedProblem[], path: string): readonly ToldProblem[] {
  const counts = new Map<string, number>();
  for (const { kind } of problems) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const seen = new Map<string, number>();
  return problems.flatMap(({ kind, ...problem }) => {
    const place = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, place);
    if (place > MAX_PLACES) return [];
    const more = (counts.get(kind) ?? 0) - MAX_PLACES;
    if (place < MAX_PLACES || more <= 0) return [{ problem, count: 1 }];
    const noun = problem.line === undefined ? "simulation" : "line";
    const message = `… and ${more} more ${more === 1 ? noun : `${noun}s`} with the same problem`;
    return [
      { problem, count: 1 },
      { problem: { file: path, message }, count: more },
    ];
  });
}

function atMost(told: readonly ToldProblem[], path: string): readonly Problem[] {
  const first = told.slice(0, MAX_PROBLEMS).map(({ problem }) => problem);
  const rest = told.slice(MAX_PROBLEMS).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? first : [...first, { file: path, message: `has ${rest} more problems` }];
}
