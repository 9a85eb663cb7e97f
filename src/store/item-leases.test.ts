import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ItemLeases, leaseFile, openItemLeases } from "./item-leases.js";

const QUARTER_HOUR_MS = 15 * 60_000;

let folder: string;
let now: number;
let opened: ItemLeases[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-leases-"));
  now = 1_000_000;
  opened = [];
});

afterEach(() => {
  for (const leases of opened) leases.close();
});

function open(owner: string): ItemLeases {
  const leases = openItemLeases(leaseFile(folder), owner, () => now);
  opened.push(leases);
  return leases;
}

const of = (author: string, item = "a") => ({ rubric: "tone", item, author });
const one = () => 1;

describe("leases of items", () => {
  it("give an item to as many people as labels are missing", () => {
    const [first, second] = [open("1"), open("2")];
    expect(first.take(of("ann"), () => 2)).toBe(true);
    expect(second.take(of("bob"), () => 2)).toBe(true);
    expect(second.take(of("cleo"), () => 2)).toBe(false);
    expect(second.take(of("cleo", "b"), one)).toBe(true);
    expect(first.take({ ...of("dan"), rubric: "safety" }, one)).toBe(true);
  });

  it("give it again to whoever has it, and to others once it is free", () => {
    const [first, second] = [open("1"), open("2")];
    expect(first.take(of("ann"), one)).toBe(true);
    expect(first.take(of("ann"), one)).toBe(true);
    expect(second.take(of("bob"), one)).toBe(false);
    first.release(of("ann"));
    expect(second.take(of("bob"), one)).toBe(true);
  });

  it("end when their holder closes, and after a quarter of an hour", () => {
    const [first, second] = [open("1"), open("2")];
    first.take(of("ann"), one);
    first.close();
    first.close();
    expect(second.take(of("bob"), one)).toBe(true);
    const third = open("3");
    now += QUARTER_HOUR_MS - 1;
    expect(third.take(of("cleo"), one)).toBe(false);
    now += 1;
    expect(third.take(of("cleo"), one)).toBe(true);
  });

  it("tell whether an author is at work in another process", () => {
    const [first, second] = [open("1"), open("2")];
    first.take(of("ann"), one);
    expect(first.isHeldElsewhere("ann")).toBe(false);
    expect(second.isHeldElsewhere("ann")).toBe(true);
    expect(second.isHeldElsewhere("bob")).toBe(false);
  });

  it("write no name of an item or a person", () => {
    const leases = open("1");
    leases.take({ rubric: "tone", item: "refund of Mrs Lee", author: "annabel" }, one);
    leases.close();
    expect(readFileSync(leaseFile(folder), "latin1")).not.toMatch(/annabel|Lee/);
  });
});
