const DOCUMENTS = "datasets/handbook/";

/** What was written into a project, a line each; the documents of the handbook are counted. */
export function renderScaffold(result: {
  readonly created: readonly string[];
  readonly kept: readonly string[];
}): string {
  const documents = result.created.filter((name) => name.startsWith(DOCUMENTS)).length;
  return [
    ...result.created.filter((name) => !name.startsWith(DOCUMENTS)).map((name) => `created ${name}`),
    ...(documents === 0 ? [] : [`created ${DOCUMENTS} (${documents} documents)`]),
    ...(result.kept.length === 0 ? [] : [`kept ${result.kept.length} files that were there already`]),
  ].join("\n");
}
