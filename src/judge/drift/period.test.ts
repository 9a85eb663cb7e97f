import { describe, expect, it } from "vitest";
import { periodBefore, periodOf } from "./period.js";

const week = (day: string) => periodOf(Date.parse(day), "week");
const iso = (time: number) => new Date(time).toISOString().slice(0, 10);

describe("periodOf", () => {
  // GNU date 9.1: date -u -d DAY +%G-W%V
  it.each([
    ["2026-11-21", "2026-W47"],
    ["2025-12-28", "2025-W52"],
    ["2025-12-29", "2026-W01"],
    ["2026-01-01", "2026-W01"],
    ["2026-12-31", "2026-W53"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2021-01-03", "2020-W53"],
    ["2024-12-30", "2025-W01"],
    ["2000-01-01", "1999-W52"],
    ["1969-12-28", "1969-W52"],
    ["1969-12-29", "1970-W01"],
  ])("%s lies in week %s", (day, name) => {
    expect(week(day).name).toBe(name);
  });

  it("begins a week on Monday 00:00 UTC and ends it seven days later", () => {
    const { from, until } = week("2026-11-22T23:59:59.999Z");
    expect([iso(from), iso(until)]).toEqual(["2026-11-16", "2026-11-23"]);
    expect(week("2026-11-23T00:00:00Z").name).toBe("2026-W48");
  });

  it("goes back over the border of a year, by weeks and by months", () => {
    expect(periodBefore(week("2026-01-01"), "week").name).toBe("2025-W52");
    expect(periodBefore(week("2027-01-04"), "week").name).toBe("2026-W53");
    const january = periodOf(Date.parse("2026-01-31T23:59:59Z"), "month");
    expect(january).toMatchObject({ name: "2026-01", until: Date.parse("2026-02-01") });
    expect(periodBefore(january, "month")).toMatchObject({ name: "2025-12", until: january.from });
  });

  it("gives every day of forty years the week that the day's Thursday says", () => {
    const wrong: string[] = [];
    for (let day = Date.parse("1990-01-01"); day < Date.parse("2030-01-01"); day += 86_400_000) {
      const { name, from, until } = periodOf(day, "week");
      const thursday = new Date(from + 3 * 86_400_000);
      const isRight =
        new Date(from).getUTCDay() === 1 &&
        from <= day &&
        day < until &&
        name.startsWith(`${thursday.getUTCFullYear()}-W`);
      if (!isRight) wrong.push(iso(day));
    }
    expect(wrong).toEqual([]);
  });
});
