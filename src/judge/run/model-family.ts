/** Names of model families, with the words by which models of them go. Own names come before those of hosts. */
const FAMILIES: readonly (readonly [family: string, words: RegExp])[] = [
  ["claude", /claude/],
  ["gemini", /gemini|gemma|palm-2/],
  ["llama", /llama|vicuna|alpaca/],
  ["mistral", /mistral|mixtral|codestral|ministral|magistral/],
  ["qwen", /qwen|qwq/],
  ["deepseek", /deepseek/],
  ["grok", /grok/],
  ["command", /command-(?:r|a|light|nightly)/],
  ["phi", /(?:^|[/:-])phi-?\d/],
  ["gpt", /gpt|(?:^|[/:])(?:chatgpt|o[1-9](?:-|$)|davinci)/],
];

/** Providers that offer models of one family alone. */
const PROVIDERS: Readonly<Record<string, string>> = { anthropic: "claude" };

/**
 * Family of a model by its name: models of one family were made alike and tend to prefer each other's answers. A distilled
 * model belongs to that of the first name that it carries in the list.
 *
 * @param model - `provider/name`
 * @returns `null` when the name tells none
 */
export function modelFamily(model: string): string | null {
  const slash = model.indexOf("/");
  const name = model.slice(slash + 1).toLowerCase();
  const found = FAMILIES.find(([, words]) => words.test(name));
  return found?.[0] ?? PROVIDERS[model.slice(0, Math.max(0, slash))] ?? null;
}

/** What a judge and an agent have in common that a reader must know, in words; `null` when nothing is known. */
export function selfPreference(judge: string, agent: string): string | null {
  if (judge === agent) return `${judge} judges its own answers`;
  const family = modelFamily(judge);
  return family !== null && family === modelFamily(agent)
    ? `${judge} judges answers of ${agent}, of its own family (${family})`
    : null;
}
