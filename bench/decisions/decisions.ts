import {
  aaClaims,
  type Claim,
  flipClaims,
  latencyClaims,
  pairingClaims,
  plantedClaims,
  publishedVerdicts,
} from "./claims.js";

const REPLICATIONS = 2_000;
const SEED = 20_261_121;
const SIGNS = { equal: "=", most: "<=", least: ">=" } as const;

/**
 * Holds the gate to what it promises, on real pairs of runs, and prints one line for each claim.
 *
 * @returns whether every claim holds
 */
export function runDecisions(print: (line: string) => void): boolean {
  const claims = [
    ...pairingClaims(),
    ...aaClaims(REPLICATIONS, SEED),
    ...plantedClaims(REPLICATIONS, SEED),
    ...flipClaims(REPLICATIONS, SEED),
    ...latencyClaims(REPLICATIONS / 10, SEED),
  ];
  for (const claim of claims) print(lineOf(claim));
  for (const { pair, verdicts } of publishedVerdicts()) print(`      ${pair}: ${verdicts}`);
  return claims.every(({ holds }) => holds);
}

function lineOf({ what, promised, observed, error, bound, holds }: Claim): string {
  const margin = error === 0 ? "" : ` ±${(error * 100).toFixed(1)}`;
  return `${holds ? "PASS" : "FAIL"}  ${what}: ${percent(observed)}, promised ${SIGNS[bound]} ${percent(promised)}${margin}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
