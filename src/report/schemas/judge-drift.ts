import { z } from "zod";
import { judgeAgreement } from "./judge-comparison.js";
import { count, hash, timestamp } from "./shared.js";

const share = z.number().min(0).max(1).nullable();
const p = z.number().min(0).max(1).nullable();
const difference = z.number().min(-2).max(2);
const text = z.string().nullable().describe("At most 600 characters; null where it is not known.");

const period = z.strictObject({
  name: z.string().describe("`2026-W47` (ISO 8601) or `2026-11`, in UTC."),
  from: timestamp,
  until: timestamp,
  judgeVersion: hash.nullable().describe("null when the judge said nothing."),
  otherVersions: count.describe("Other versions that judged in the period; their verdicts do not count."),
  judged: count.describe("Items."),
  unusable: count.describe("Judged items without a usable verdict."),
  newItems: count.describe("Items that the judge had not seen before and that are no anchors."),
  labelled: count.describe("Items with a label and a usable verdict."),
  agreement: judgeAgreement,
});

/** Whether a judge still judges as it did. */
export const judgeDrift = z.strictObject({
  judge: z.string(),
  rubric: z.string().describe("Rubric of the labels."),
  period: z.enum(["week", "month"]),
  at: timestamp,
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  falseAlarmRate: z.number().gt(0).lt(1).describe("Most that all checks of a period raise a false alarm."),
  alarmBelow: z.number().gt(0).lt(1).describe("p below which one check raises an alarm."),
  floor: z.number().gt(0).max(1),
  minLabels: count.describe("Labelled items that a comparison of kappas takes."),
  anchorSet: z
    .strictObject({ source: z.string(), items: count })
    .nullable()
    .describe("Items that are to be judged again each period; null: every item that was judged in both."),
  current: period,
  last: period.nullable().describe("null when the judge said nothing before."),
  kappaChange: z
    .strictObject({
      method: z
        .enum(["paired", "independent"])
        .describe("The same items in both periods, or different ones."),
      last: count,
      current: count,
      difference,
      lower: difference.nullable(),
      upper: difference.nullable(),
      p,
    })
    .nullable()
    .describe("Current minus last; null with too few labels."),
  anchors: z
    .strictObject({
      n: count,
      same: z
        .strictObject({ estimate: share, lower: share, upper: share })
        .describe("Share with the same verdict in both periods."),
      categories: z.array(z.string()),
      transitions: z.array(z.array(count)).describe("Row: category in the last period; column: in this one."),
      p: p.describe("Whether the shares of the categories changed."),
      method: z.enum(["mcnemar", "stuart-maxwell"]).nullable(),
    })
    .nullable()
    .describe("Items judged in both periods; null without any."),
  changedAnchors: z.array(
    z.strictObject({
      item: z.string(),
      truth: z.string().nullable().describe("Label of people."),
      last: z.string(),
      current: z.string(),
      question: text,
      answer: text,
      otherAnswer: text.describe("Second answer of a pair."),
    }),
  ),
  traffic: z
    .strictObject({
      categories: z.array(z.strictObject({ category: z.string(), last: count, current: count })),
      last: count,
      current: count,
      p,
      method: z.enum(["chi-square", "fisher"]).nullable(),
      chiSquare: z.number().nonnegative().nullable(),
      degrees: count.nullable(),
    })
    .nullable()
    .describe("Usable verdicts on items that were new in their period."),
  checks: z.array(
    z.strictObject({
      check: z.enum(["kappa", "floor", "anchors", "traffic", "unusable"]),
      status: z.enum(["alarm", "quiet", "not-run"]).describe("not-run: too little data."),
      p,
      finding: z.string(),
    }),
  ),
  verdict: z.enum(["drift", "stable", "inconclusive"]),
  reason: z.string().describe("What decided."),
  nextSteps: z.array(z.string()),
  file: z.string().describe("The report, relative to the working directory."),
});
