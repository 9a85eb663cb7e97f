import { expect, it } from "vitest";
import {
  aaClaims,
  type Claim,
  flipClaims,
  latencyClaims,
  pairingClaims,
  plantedClaims,
} from "../bench/decisions/claims.js";

const REPLICATIONS = 300;

/** All claims that do not hold; a test names them with their figures. */
function broken(claims: readonly Claim[]): readonly Claim[] {
  expect(claims.length).toBeGreaterThan(0);
  return claims.filter(({ holds }) => !holds);
}

it("real runs of one agent do not fail each other", { timeout: 60_000 }, () => {
  expect(broken([...pairingClaims(), ...aaClaims(REPLICATIONS, 3)])).toEqual([]);
});

it("planted drops are caught as often as the plan promises", { timeout: 60_000 }, () => {
  expect(broken([...plantedClaims(REPLICATIONS, 3), ...flipClaims(REPLICATIONS, 3)])).toEqual([]);
});

it("a longer tail is stopped by the latency gate alone", { timeout: 60_000 }, () => {
  expect(broken(latencyClaims(20, 3))).toEqual([]);
});
