const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const GAP = "·";

/**
 * Values as one line of bars between their least and largest; a missing value is a dot, never a bar.
 *
 * @param most - at most so many characters: of more values the last ones are shown
 */
export function sparkline(values: readonly (number | null)[], most: number): string {
  const shown = values.slice(-Math.max(1, most));
  const known = shown.filter((value) => value !== null);
  const least = Math.min(...known);
  const range = Math.max(...known) - least;
  return shown
    .map((value) => {
      if (value === null) return GAP;
      const level = range === 0 ? 3 : Math.round(((value - least) / range) * (BARS.length - 1));
      return BARS[level] ?? GAP;
    })
    .join("");
}
