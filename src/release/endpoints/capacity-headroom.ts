import type { Arm } from "../../core/traffic-split.js";
import type { ArmCapacity } from "../evidence/release-evidence.js";

/** Above this share of the key-value cache, a server puts requests off or throws some out. */
const FULL_CACHE = 0.9;
/** Fewer looks than this show no trend. */
const TREND_LOOKS = 3;

/**
 * Why an arm has no headroom: its key-value cache is more than 90 % full, ever more requests wait over the last three
 * looks, or requests were thrown out since the look before. Latency then tells of capacity, not of the model: pause.
 *
 * @param looks - of both arms, in any order
 * @returns one sentence for each reason; none also when nothing is known, which is no proof of headroom
 */
export function capacityShortage(looks: readonly ArmCapacity[]): readonly { arm: Arm; sentence: string }[] {
  return (["stable", "canary"] as const).flatMap((arm) => {
    const own = looks.filter((look) => look.arm === arm).sort((a, b) => a.at - b.at);
    return shortageOf(arm, own).map((sentence) => ({ arm, sentence }));
  });
}

function shortageOf(arm: Arm, looks: readonly ArmCapacity[]): readonly string[] {
  const last = looks.at(-1);
  if (last === undefined) return [];
  const sentences: string[] = [];
  if (last.kvCacheUsage !== null && last.kvCacheUsage > FULL_CACHE) {
    sentences.push(
      `the key-value cache of ${arm} is ${(100 * last.kvCacheUsage).toFixed(0)} % full, more than ${100 * FULL_CACHE} %`,
    );
  }
  const waiting = looks.slice(-TREND_LOOKS).map((look) => look.waiting);
  if (waiting.length === TREND_LOOKS && isRising(waiting)) {
    sentences.push(
      `ever more requests wait at ${arm}: ${waiting.join(", ")} in the last ${TREND_LOOKS} looks`,
    );
  }
  if (last.preemptions !== null && last.preemptions > 0) {
    sentences.push(`${arm} threw ${last.preemptions} running requests out of its batch since the last look`);
  }
  return sentences;
}

function isRising(values: readonly (number | null)[]): boolean {
  return values.every((value, index) => {
    const before = values[index - 1];
    return value !== null && (index === 0 || (before !== null && before !== undefined && value > before));
  });
}
