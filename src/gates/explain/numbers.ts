/** A number in a formula: 6 significant digits, a true minus sign, nothing that is not there. */
export function num(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = String(Number(value.toPrecision(6)));
  return text.replace("-", "−").replace(/e−/, "e-");
}
