import { DatasetError } from "../../core/errors.js";
import type { Dataset, GoldenCase } from "../../core/golden-case.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { Environment } from "../../environments/environment.js";

const NAMES_SHOWN = 5;

/**
 * Checks that the environments that cases name exist, before anything runs.
 *
 * @throws {DatasetError} naming every line with an unknown environment
 */
export function checkEnvironments(dataset: Dataset, known: readonly string[]): void {
  const problems = dataset.cases.flatMap(({ environment, line }) => {
    if (environment === null || known.includes(environment)) return [];
    const hint = `${didYouMean(environment, known)} (known: ${listNames(known)})`;
    return [{ file: dataset.path, line, message: `unknown environment \`${environment}\`${hint}` }];
  });
  if (problems.length > 0) throw new DatasetError(problems);
}

/**
 * Refuses cases whose user has a goal but no words, when no model plays the user.
 *
 * @throws {DatasetError} naming the first of them
 */
export function refuseUsersWithoutModel(dataset: Dataset, cases: readonly GoldenCase[], suite: string): void {
  const needy = cases.filter(({ input }) => input.kind === "user" && input.script === null);
  const first = needy[0];
  if (first === undefined) return;
  const others = needy.length === 1 ? "" : `, and so do ${needy.length - 1} more cases`;
  const message = `has a user with a goal and no script${others}, but no model plays the user`;
  throw new DatasetError([{ file: dataset.path, line: first.line, message }], {
    nextStep: `add \`user_model\` to suite ${suite} in agentctl.yaml, name a --recording, or give the cases a \`script\``,
  });
}

/**
 * Expectations that no agent can meet: a tool that the environment does not have, a document that is not
 * indexed. They may be meant, so they are notes, not errors.
 *
 * @param documentIds - documents that retrieval knows; `null` when the agent retrieves nothing
 */
export function caseNotes(
  cases: readonly GoldenCase[],
  environmentOf: (goldenCase: GoldenCase) => Environment | null,
  documentIds: ReadonlySet<string> | null,
): readonly string[] {
  const tools = new Set<string>();
  const documents = new Set<string>();
  for (const one of cases) {
    const offered = environmentOf(one)?.tools.map((tool) => tool.spec.name) ?? [];
    const expected = [...(one.expect.toolCalls ?? []), ...(one.expect.state?.actions ?? [])];
    for (const { name } of expected) if (!offered.includes(name)) tools.add(`${name} (${one.id})`);
    if (documentIds === null) continue;
    for (const id of one.expect.sources) if (!documentIds.has(id)) documents.add(`${id} (${one.id})`);
  }
  return [
    ...note("tools that their environment does not have", tools),
    ...note("sources that are not among the documents", documents),
  ];
}

function note(what: string, names: ReadonlySet<string>): readonly string[] {
  return names.size === 0 ? [] : [`cases expect ${what}: ${listNames([...names], NAMES_SHOWN)}`];
}
