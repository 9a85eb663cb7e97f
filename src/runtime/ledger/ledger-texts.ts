import type { Effect } from "./ledger-store.js";
import type { UndoneFlow } from "./undo-flow.js";

/** Said instead of an answer when a person has to look at effects. */
export function escalationText(effects: readonly Pick<Effect, "tool">[], why: "unknown" | "failed"): string {
  const names = listed(effects.map(({ tool }) => tool));
  const problem =
    why === "unknown"
      ? `I do not know for certain what became of ${names}`
      : `${names} failed, after other things had been changed`;
  return (
    `I could not finish this: ${problem}. ` +
    "I have handed it to a person, who checks it before anything else is changed."
  );
}

/** Said instead of an answer when a turn was undone. */
export function undoneText(failed: readonly string[], { undone, left }: UndoneFlow): string {
  const problem =
    failed.length === 0 ? "I could not finish this." : `I could not finish this: ${listed(failed)} failed.`;
  if (left.length === 0) {
    return `${problem} What had been changed before was undone (${listed(undone)}), so nothing has changed.`;
  }
  const reversed = undone.length === 0 ? "" : ` Undone: ${listed(undone)}.`;
  return `${problem}${reversed} Not undone: ${listed(left)}. I have handed this to a person.`;
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(", ");
}
