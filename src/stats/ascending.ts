/** The values in ascending order: themselves when they are in it already, else a sorted copy. */
export function ascending(values: ArrayLike<number>): Float64Array {
  if (values instanceof Float64Array && isAscending(values)) return values;
  return Float64Array.from(values).sort();
}

function isAscending(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) {
    if (values[index - 1]! > values[index]!) return false;
  }
  return true;
}
