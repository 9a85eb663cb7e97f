import type { Verdict } from "../../core/score.js";
import type { Color } from "../text-style.js";

export const VERDICT_COLOR: { readonly [Name in Verdict]: Color } = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
  error: "red",
};
