/**
 * Splits what was typed into words as a shell does, as far as completion needs it: quotes and backslashes are resolved,
 * nothing is expanded.
 *
 * @returns the words; the last one is being typed, and empty after a space
 */
export function typedWords(line: string): string[] {
  const words = [""];
  let quote: string | null = null;
  for (let position = 0; position < line.length; position += 1) {
    const character = line[position] as string;
    const add = (text: string) => {
      words[words.length - 1] += text;
    };
    if (character === "\\" && quote !== "'") {
      position += 1;
      add(line[position] ?? "");
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else add(character);
    } else if (character === '"' || character === "'") quote = character;
    else if (/\s/.test(character)) {
      if (words.at(-1) !== "") words.push("");
    } else add(character);
  }
  return words;
}
