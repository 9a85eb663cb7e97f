import type { ThresholdGate } from "../../config/gates/gate-schema.js";
import { sampleSizeNoninferiorityPaired } from "../../stats/sample-size-noninferiority-paired.js";
import { designQuantiles } from "../../stats/test-design.js";

const POWER = 0.8;
/** The drop that the sentences plan for. */
const DROP = 0.02;

/**
 * What paired non-inferiority takes: cases for its own margin and for one of 2 points, and the margin that the cases at
 * hand can carry.
 */
export function nonInferiorityNeeds(
  cases: number,
  discordant: number,
  margin: number,
  alpha: number,
): string[] {
  const needed = (delta: number) => {
    const { nPairs, leastToPass } = sampleSizeNoninferiorityPaired(discordant, delta, {
      alpha,
      power: POWER,
    });
    return Math.max(nPairs, leastToPass);
  };
  const { za, zb } = designQuantiles({ alpha, power: POWER, sides: 1 });
  const inAgreement = (za * za) / (cases + za * za);
  const carried = Math.max((za + zb) * Math.sqrt(discordant / cases), inAgreement);
  const sentences: string[] = [];
  if (margin > 0) {
    sentences.push(
      needed(margin) <= cases
        ? `${cases} cases are enough to pass an equally good candidate with 80 % at this margin (${needed(margin)} needed)`
        : `to pass an equally good candidate with 80 % it needs ${needed(margin)} cases, or with ${cases} a margin of ${points(carried)}`,
    );
  }
  if (margin !== DROP) {
    sentences.push(
      `to catch a drop of 2 points, and pass an equally good candidate with 80 %, it needs a margin of 2 points and ${needed(DROP)} cases`,
    );
  }
  return sentences;
}

/** What a threshold on a rate takes to tell 2 points above (or below) it, by the normal approximation. */
export function thresholdNeeds(
  rule: ThresholdGate,
  cases: number,
  threshold: number,
  level: number,
): string[] {
  const { za, zb } = designQuantiles({ alpha: 1 - level, power: POWER, sides: 2 });
  const spread = Math.sqrt(threshold * (1 - threshold));
  if (spread === 0) return [];
  const side = rule.min === undefined ? "above" : "below";
  const isFacing = rule.bound === (rule.min === undefined ? "upper" : "lower");
  const z = rule.bound === "estimate" ? zb : za + zb;
  const needed = Math.ceil(((z * spread) / DROP) ** 2);
  const there = needed <= cases ? `${cases} are there` : `${cases} are there, ${needed - cases} missing`;
  return [
    isFacing
      ? `to pass with 80 % when the truth clears the threshold by 2 points it needs about ${needed} cases; ${there}`
      : `to block with 80 % when the truth lies 2 points ${side} the threshold it needs about ${needed} cases; ${there}`,
  ];
}

function points(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`;
}
