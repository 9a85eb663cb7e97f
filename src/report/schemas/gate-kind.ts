import { z } from "zod";

export const gateKind = z.enum([
  "threshold",
  "no-worse",
  "better",
  "trend",
  "coverage",
  "must-pass",
  "budget",
  "all",
  "any",
  "slices",
]);
