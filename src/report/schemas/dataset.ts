import { z } from "zod";
import { count, hash } from "./shared.js";

const share = z.number().min(0).max(1);
const split = z.enum(["dev", "test", "holdout"]);
const tallies = z.array(
  z.strictObject({
    value: z.string().nullable().describe("null: the cases that state none."),
    cases: count,
    share: share.describe("Of all cases."),
  }),
);
const similarity = z.strictObject({
  threshold: share.describe("Least Jaccard similarity of near-duplicates."),
  shingleWords: z.int().positive().describe("Words in a shingle."),
  seed: count.describe("Seed of the hash functions."),
});
const spread = z.strictObject({
  least: z.number(),
  median: z.number(),
  mean: z.number(),
  p95: z.number(),
  most: z.number(),
});

export const datasetCheck = z.strictObject({
  isClean: z.boolean().describe("Whether the command exits 0."),
  isStrict: z.boolean().describe("Whether warnings count."),
  files: z.array(
    z.strictObject({
      path: z.string(),
      hash,
      cases: count,
      clusters: count.describe("Distinct groups."),
      splits: tallies,
      risks: tallies,
      tags: tallies.describe("A case counts once for each of its tags."),
      expectations: tallies.describe("By key of expect."),
    }),
  ),
  similarity,
  findings: z.array(
    z.strictObject({
      code: z.enum([
        "exact-duplicate",
        "leak-text",
        "leak-group",
        "overlap-text",
        "overlap-group",
        "near-duplicate",
        "conflict",
        "nothing-expected",
        "unreviewed-high-risk",
        "rejected",
        "small-slice",
      ]),
      severity: z.enum(["problem", "warning"]),
      message: z.string().describe("Said of the first case; a second one follows it."),
      cases: z.array(
        z.strictObject({ file: z.string(), line: count.describe("From 1."), id: z.string(), split }),
      ),
      similarity: share.nullable().describe("Where two texts were compared."),
    }),
  ),
  problems: count,
  warnings: count,
});

export const datasetStats = z.strictObject({
  path: z.string(),
  datasetVersion: z.string().describe("Name and the first 8 digits of the hash."),
  hash,
  cases: count,
  splits: tallies,
  risks: tallies,
  tags: tallies.describe("A case counts once for each of its tags."),
  environments: tallies,
  inputKinds: tallies,
  inputWords: spread,
  inputCharacters: spread,
  expectations: tallies.describe("By key of expect."),
  nothingExpected: count.describe("Cases that state nothing to check."),
  reviews: tallies.describe("By status; null: no review."),
  groups: z.strictObject({
    count: count.describe("Independent clusters."),
    size: spread,
    largest: z.array(z.strictObject({ group: z.string(), cases: count })).describe("At most 5."),
  }),
});

export const datasetSplit = z.strictObject({
  path: z.string(),
  output: z.string().describe("File that was written."),
  hash: hash.describe("Content hash of what was written."),
  plan: z.strictObject({
    holdout: share,
    test: share.nullable().describe("null: cases outside the holdout keep dev or test."),
    by: z.enum(["group", "case"]),
    seed: count,
  }),
  cases: count,
  units: count.describe("Groups or cases that were placed."),
  strata: z.array(
    z.strictObject({
      key: z.enum(["all", "risk", "tag"]),
      value: z.string().nullable(),
      dev: count,
      test: count,
      holdout: count,
    }),
  ),
  moved: z.array(z.strictObject({ from: split, to: split, cases: count })),
  tornGroups: count.describe("Groups with cases in several splits."),
});

export const datasetDedupe = z.strictObject({
  path: z.string(),
  output: z.string().describe("File that was written."),
  hash: hash.describe("Content hash of what was written."),
  similarity,
  kept: count,
  dropped: z.array(
    z.strictObject({
      id: z.string(),
      line: count,
      keptId: z.string(),
      keptLine: count,
      similarity: share,
      isSameExpectation: z.boolean(),
    }),
  ),
});

const version = z.strictObject({ path: z.string(), hash, cases: count });
const loneCase = z.strictObject({
  id: z.string(),
  line: count,
  split,
  text: z.string().nullable().describe("What the user says; null for holdout cases."),
});

export const datasetDiff = z.strictObject({
  before: version,
  after: version,
  added: z.array(loneCase),
  removed: z.array(loneCase),
  renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  changed: z.array(
    z.strictObject({
      id: z.string(),
      lineBefore: count,
      lineAfter: count,
      isHoldout: z.boolean().describe("In either version; texts are null then."),
      changes: z.array(
        z.strictObject({
          key: z.string(),
          before: z.string().nullable().describe("JSON text; null where hidden."),
          after: z.string().nullable().describe("JSON text; null where hidden."),
        }),
      ),
    }),
  ),
  unchanged: count,
  isReordered: z.boolean(),
});

export const datasetSample = z.strictObject({
  path: z.string(),
  output: z.string().nullable().describe("File that was written; null: none."),
  plan: z.strictObject({
    size: z.int().positive(),
    seed: count,
    by: z.enum(["risk", "tags", "split", "environment"]).nullable(),
  }),
  available: count.describe("Cases that could be drawn."),
  holdoutLeftOut: count,
  strata: z.array(z.strictObject({ value: z.string().nullable(), cases: count, drawn: count })),
  cases: z.array(
    z.strictObject({
      id: z.string(),
      line: count,
      split,
      risk: z.enum(["low", "medium", "high", "critical"]).nullable(),
      hash,
    }),
  ),
});

const need = { needed: count.describe("Independent cases."), missing: count };

const detectable = z.strictObject({
  mde: share.nullable().describe("Least difference that is found; null: not even the largest."),
  atAll: z.strictObject(need).nullable().describe("Cases for the largest difference; null: the rate is 0."),
});

export const datasetPower = z.strictObject({
  path: z.string(),
  hash,
  split: split.nullable().describe("null: all cases."),
  cases: count,
  groups: count.describe("Independent groups; all figures rest on this number."),
  assumptions: z.strictObject({
    alpha: share.describe("One-sided for margins, two-sided for differences and intervals."),
    power: share,
    rate: share.describe("Pass rate."),
    discordant: share.describe("Share of cases whose outcome differs between two runs."),
    margins: z.array(share),
  }),
  leastMargin: share.describe("Only a margin above this one can pass, in perfect agreement."),
  margins: z.array(
    z.strictObject({ margin: share, inAgreement: z.strictObject(need), asAssumed: z.strictObject(need) }),
  ),
  paired: detectable.describe("Two runs on the same cases."),
  unpaired: detectable.describe("Two runs on different cases, as many in each: a drop."),
  passRate: z.strictObject({ passed: count, lower: share, upper: share, halfWidth: share }),
  latency: z.array(z.strictObject({ quantile: share, ...need })),
});
