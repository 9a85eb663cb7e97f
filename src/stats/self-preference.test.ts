import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "./random.js";
import { type SelfPreferenceItem, selfPreference } from "./self-preference.js";
import { StatisticsError } from "./statistics-error.js";
import { tango } from "./tango.js";
import { welchTTest } from "./welch-t-test.js";

const of = (score: fc.Arbitrary<number>) =>
  fc.array(fc.record({ truth: score, judged: score, isOwnFamily: fc.boolean() }), { maxLength: 40 });
const bits = of(fc.nat(1));
const grades = of(fc.integer({ min: 1, max: 5 }));

function repeat(count: number, truth: number, judged: number, isOwnFamily: boolean): SelfPreferenceItem[] {
  return Array.from({ length: count }, () => ({ truth, judged, isOwnFamily }));
}

describe("self-preference", () => {
  it("of 0/1 scores joins the two Tango intervals", () => {
    const got = selfPreference([
      ...repeat(40, 1, 1, true),
      ...repeat(12, 0, 1, true),
      ...repeat(48, 0, 0, true),
      ...repeat(60, 1, 1, false),
      ...repeat(5, 1, 0, false),
      ...repeat(5, 0, 1, false),
      ...repeat(30, 0, 0, false),
    ]);
    expect(got).toMatchObject({ own: 100, other: 100, method: "tango-newcombe", reason: null });
    expect(got.ownError).toBeCloseTo(0.12, 14);
    expect(got.otherError).toBe(0);
    const mine = tango({ bothPass: 40, baselineOnly: 0, currentOnly: 12, bothFail: 48 });
    const theirs = tango({ bothPass: 60, baselineOnly: 5, currentOnly: 5, bothFail: 30 });
    expect(got.lower).toBeCloseTo(0.12 - Math.hypot(0.12 - mine.lower!, theirs.upper!), 12);
    expect(got.upper).toBeCloseTo(0.12 + Math.hypot(mine.upper! - 0.12, theirs.lower!), 12);
  });

  it("of grades is Welch's interval of the errors", () => {
    const item = (truth: number, judged: number, isOwnFamily: boolean) => ({ truth, judged, isOwnFamily });
    const got = selfPreference([
      item(3, 5, true),
      item(2, 3, true),
      item(4, 4, true),
      item(3, 3, false),
      item(4, 3, false),
    ]);
    const { difference, lower, upper } = welchTTest([0, -1], [2, 1, 0]);
    expect(got).toMatchObject({ ownError: 1, otherError: -0.5, difference, lower, upper, method: "welch" });
  });

  it("is no preference when the own family is truly better", () => {
    const got = selfPreference([...repeat(50, 1, 1, true), ...repeat(50, 0, 0, false)]);
    expect(got.difference).toBe(0);
    expect(got.lower!).toBeLessThan(0);
    expect(got.upper!).toBeGreaterThan(0);
  });

  it("turns its sign when the families change places, and when scores do", () => {
    fc.assert(
      fc.property(fc.oneof(bits, grades), (items) => {
        const one = selfPreference(items);
        const families = selfPreference(items.map((item) => ({ ...item, isOwnFamily: !item.isOwnFamily })));
        const scores = selfPreference(
          items.map((item) => ({ ...item, truth: item.judged, judged: item.truth })),
        );
        for (const other of [families, scores]) {
          expect((other.difference ?? 0) + (one.difference ?? 0)).toBeCloseTo(0, 10);
          expect((other.lower ?? 0) + (one.upper ?? 0)).toBeCloseTo(0, 8);
        }
        expect(one.lower === null).toBe(one.reason !== null);
      }),
    );
  });

  it("covers the true difference of 0/1 errors", () => {
    const random = new SeededRandom(20_261_121);
    const draw = (n: number, lenient: number, isOwnFamily: boolean) =>
      Array.from({ length: n }, () => {
        const truth = random.nextUnit() < 0.6 ? 1 : 0;
        const judged = truth === 1 || random.nextUnit() < lenient ? 1 : 0;
        return { truth, judged, isOwnFamily };
      });
    let held = 0;
    for (let run = 0; run < 1000; run++) {
      // 40 % of the answers are bad: the errors are 0.4 · 0.3 and 0.4 · 0.05.
      const { lower, upper } = selfPreference([...draw(60, 0.3, true), ...draw(90, 0.05, false)]);
      if (lower! <= 0.1 && 0.1 <= upper!) held++;
    }
    expect(held / 1000).toBeGreaterThan(0.93);
    expect(held / 1000).toBeLessThan(0.98);
  });

  it("says what is missing", () => {
    expect(selfPreference([])).toMatchObject({ ownError: null, difference: null, own: 0, other: 0 });
    expect(selfPreference(repeat(3, 1, 0, true)).reason).toMatch(/no answer of another family/);
    expect(selfPreference(repeat(3, 4, 5, false)).reason).toMatch(/own family/);
    const thin = selfPreference([...repeat(1, 4, 5, true), ...repeat(3, 4, 4, false)]);
    expect(thin).toMatchObject({ difference: 1, lower: null });
    expect(thin.reason).toMatch(/fewer than two/);
    const constant = selfPreference([...repeat(4, 3, 3, true), ...repeat(4, 2, 2, false)]);
    expect(constant).toMatchObject({ difference: 0, lower: null });
    expect(constant.reason).toMatch(/do not vary/);
  });

  it.each([
    [{ truth: Number.NaN }],
    [{ judged: null as unknown as number }],
    [{ isOwnFamily: "yes" as unknown as boolean }],
  ])("refuses %j", (wrong) => {
    expect(() => selfPreference([{ truth: 1, judged: 1, isOwnFamily: true, ...wrong }])).toThrow(
      StatisticsError,
    );
    expect(() => selfPreference([], { level: 0 })).toThrow(StatisticsError);
  });
});
