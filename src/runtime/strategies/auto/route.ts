import type { RequestFeatures } from "./features.js";

export type RoutedStrategy = "react" | "plan" | "tree";

/** Thresholds of the router, keys as in the agent file. */
export interface RouterThresholds {
  /** 0 to 1. */
  readonly ambiguity: number;
  /** 0 to 1. */
  readonly stakes: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** 2 or more. */
  readonly intents: number;
}

export interface Route {
  readonly strategy: RoutedStrategy;
  /** One sentence each. */
  readonly reasons: readonly string[];
}

/**
 * Which strategy a request goes to. What is not understood is not planned, so doubt comes first: `tree` where a wrong
 * action would hurt and the request is ambiguous or the match is weak; then `plan` for several things at once; else
 * `react`.
 */
export function route(features: RequestFeatures, thresholds: RouterThresholds): Route {
  const { ambiguity, stakes, confidence, intents, missing, isVague, tools } = features;
  const hurts = stakes >= thresholds.stakes;
  const about = tools.length === 0 ? "no tool is named" : `tools: ${tools.join(", ")}`;
  if (hurts && ambiguity >= thresholds.ambiguity) {
    const why = [
      ...(isVague ? ["the request is vague"] : []),
      ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
    ];
    return {
      strategy: "tree",
      reasons: [
        `Ambiguity ${shown(ambiguity)} is at least ${thresholds.ambiguity}${why.length === 0 ? "" : ` (${why.join("; ")})`}.`,
        `Stakes ${shown(stakes)} are at least ${thresholds.stakes} (${about}).`,
      ],
    };
  }
  if (hurts && confidence !== null && confidence < thresholds.confidence) {
    return {
      strategy: "tree",
      reasons: [
        `Confidence ${shown(confidence)} is below ${thresholds.confidence}.`,
        `Stakes ${shown(stakes)} are at least ${thresholds.stakes} (${about}).`,
      ],
    };
  }
  if (intents >= thresholds.intents) {
    return {
      strategy: "plan",
      reasons: [`${intents} things are asked for, at least ${thresholds.intents} (${about}).`],
    };
  }
  return {
    strategy: "react",
    reasons: [
      `${intents === 0 ? "Nothing" : "One thing"} to be done is asked for (${about}).`,
      hurts
        ? `Ambiguity ${shown(ambiguity)} is below ${thresholds.ambiguity}.`
        : `Stakes ${shown(stakes)} are below ${thresholds.stakes}.`,
    ],
  };
}

function shown(value: number): number {
  return Math.round(value * 100) / 100;
}
