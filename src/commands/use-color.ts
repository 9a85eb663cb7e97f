/**
 * Whether text may be coloured: on a terminal, or where FORCE_COLOR asks for it, and never under NO_COLOR, which
 * wins over both. As elsewhere, FORCE_COLOR=0 and FORCE_COLOR=false mean no colour, any other value colour.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function mayUseColor(
  env: { readonly [name: string]: string | undefined },
  isTerminal: boolean,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && env.TERM !== "dumb";
}
