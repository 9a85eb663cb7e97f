import { expect, it } from "vitest";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { decide } from "./decide.js";
import { alternating, decideHalf } from "./testing/decide-half.js";
import { evidenceOf, HOUR, planOf, request, rule, stepLogs } from "./testing/simulated-traffic.js";

/** Pairs of conversations, one in each arm, of which some fail; stable fails all of those in a stretch. */
function outage(
  pairs: number,
  [from, to]: readonly [number, number],
  canaryFails: (index: number) => boolean = () => false,
): ConversationRecord[] {
  return alternating(2 * pairs, (arm, index) => {
    const ok = arm === "canary" ? !canaryFails(index) : index < from || index >= to;
    const at = (index * HOUR) / pairs;
    return { requests: [request(at, { ok })], resolved: { value: ok, at } };
  });
}

const twoInFive = (index: number) => index % 5 < 2;

it("does not let an outage of stable excuse a canary that fails two in five", () => {
  const records = outage(300, [0, 200], twoInFive);
  expect(decideHalf(records.slice(0, 400), []).abort).toBeNull();
  expect(decideHalf(records, []).abort).toMatch(/^burst of errors: \d+ of \d+ conversations of the canary/);
});

it("does not let it hide harm that a rule looks for", () => {
  const rules = [rule("error_rate", "+5%"), rule("resolution_rate", "-5%")];
  const seen = decideHalf(outage(600, [0, 400], twoInFive), rules);
  expect(seen.rules.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
  expect(seen.rules[0]?.stable.value).toBeLessThan(0.05);
});

it("finds nothing wrong with a good canary that outlived an outage of stable", () => {
  const rules = [rule("error_rate", "+5%")];
  const seen = decideHalf(outage(2000, [500, 750]), rules);
  expect(seen).toMatchObject({ abort: null, control: null, mismatch: null, verdict: "pass" });
});

it("says so while stable fails everything, and takes one good answer for the end of it", () => {
  const during = outage(100, [50, 100]);
  expect(decideHalf(during.slice(0, 114), []).control).toBeNull();
  expect(decideHalf(during, [])).toMatchObject({
    abort: null,
    control:
      "the last 50 conversations of the stable version all failed, so there is nothing to compare with",
  });
  expect(decideHalf(outage(105, [50, 100]), []).control).toBeNull();
});

it("believes the router that stable is down, until stable has no traffic anyway", () => {
  const arms = [{ arm: "stable" as const, isUp: false, requests: 1, errors: 0, redispatched: 0 }];
  const evidence = evidenceOf(outage(50, [0, 0]), { arms });
  const at = (shares: readonly number[]) =>
    decide(evidence, planOf(shares, []), {
      now: shares.length * HOUR,
      step: shares.length - 1,
      steps: stepLogs(shares),
      phase: "bake",
    }).control;
  expect(at([5000])).toBe("the stable version is down, so there is nothing to compare with");
  expect(at([5000, 10_000])).toBeNull();
});

it("leaves out what users did during an outage, and keeps where they were", () => {
  const records = outage(400, [0, 200]).map((record, index) => ({ ...record, cluster: `u${index % 400}` }));
  const moment = { now: HOUR, step: 0, steps: stepLogs([5000]), phase: "bake" } as const;
  const seen = decide(
    evidenceOf(records),
    planOf([5000], [rule("error_rate", "+5%")], { unit: "user" }),
    moment,
  );
  expect(seen.abort).toBeNull();
  expect(seen.rules[0]?.stable.value).toBeLessThan(0.05);
});
