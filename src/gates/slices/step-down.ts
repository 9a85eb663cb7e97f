/**
 * Holm's procedure by levels: which hypotheses are rejected so that the chance of even one false rejection stays below the
 * level, under any dependence. Each is asked at the level divided by the number of those still open, until no more fall.
 *
 * @param count - number of hypotheses
 * @param isRejected - whether one is rejected at the level divided by `open`; it must not become true as `open` grows
 * @returns for each rejected one among how many it was; the others are left out
 * @see Holm 1979, Scandinavian Journal of Statistics 6(2):65
 */
export function stepDown(
  count: number,
  isRejected: (index: number, open: number) => boolean,
): ReadonlyMap<number, number> {
  const rejected = new Map<number, number>();
  let open = Array.from({ length: count }, (_, index) => index);
  while (open.length > 0) {
    const among = open.length;
    const fallen = open.filter((index) => isRejected(index, among));
    if (fallen.length === 0) break;
    for (const index of fallen) rejected.set(index, among);
    open = open.filter((index) => !rejected.has(index));
  }
  return rejected;
}
