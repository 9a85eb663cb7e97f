/** A time as a plan says it: `45 s`, `2.5 min`, `38 min`. */
export function bakeText(ms: number): string {
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  return `${Number((ms / 60_000).toFixed(ms < 600_000 ? 1 : 0))} min`;
}
