import { canonicalJson } from "../../../core/hash.js";
import type { Reversibility, ToolArguments } from "../tool.js";

/** Longer arguments nobody reads; what cannot be read cannot be confirmed. */
const MOST_CHARS = 2000;

/**
 * Asks the user about one action: its name and exactly its arguments. `null` when they are too long to be shown whole.
 */
export function confirmationQuestion(
  name: string,
  args: ToolArguments,
  reversibility: Reversibility,
): string | null {
  const shown = Object.entries(args).map(
    ([key, value]) => `- ${visible(key)}: ${visible(canonicalJson(value))}`,
  );
  const list = shown.join("\n");
  if (list.length > MOST_CHARS) return null;
  const warning = reversibility === "irreversible" ? " It cannot be undone." : "";
  const details = list === "" ? "." : ` with exactly these details:\n${list}\n`;
  return `Please confirm first: I am about to run ${name}${details}${warning} Shall I go ahead? Answer yes or no.`.replace(
    "\n ",
    "\n",
  );
}

/** Characters that do not show, or that turn the direction of writing, would let a text look like another one. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
