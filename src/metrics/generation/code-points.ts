/**
 * Two texts with every code point as one UTF-16 unit, so that what counts units counts characters. Canonically
 * equivalent spellings become one (NFC). Texts within the basic plane, the usual ones, stay as they are.
 */
export function singleUnitTexts(a: string, b: string): readonly [string, string] {
  const first = a.normalize("NFC");
  const second = b.normalize("NFC");
  if (!/[\ud800-\udfff]/.test(first) && !/[\ud800-\udfff]/.test(second)) return [first, second];
  const units = new Map<string, string>();
  const recode = (text: string) => {
    let recoded = "";
    for (const character of text) {
      let unit = units.get(character);
      if (unit === undefined) {
        // More than 65,536 different characters wrap around; no text of people has as many.
        unit = String.fromCharCode(units.size);
        units.set(character, unit);
      }
      recoded += unit;
    }
    return recoded;
  };
  return [recode(first), recode(second)];
}
