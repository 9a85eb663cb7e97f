import type { Clock } from "../../core/clock.js";

/** How long a line is held back of which only figures have changed. */
const FIGURES_MS = 60_000;

/** Passes on lines that say something new: another one at once, one with other figures once a minute. */
export function tellChanges(
  note: (line: string) => void,
  clock: Pick<Clock, "monotonic">,
): (line: string) => void {
  let told = "";
  let toldAt = 0;
  return (line) => {
    const now = clock.monotonic();
    const isSame = line === told || (wordsOf(line) === wordsOf(told) && now - toldAt < FIGURES_MS);
    if (isSame) return;
    told = line;
    toldAt = now;
    note(line);
  };
}

function wordsOf(line: string): string {
  return line.replaceAll(/\d[\d.,]*/g, "#");
}
