import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { Measure } from "./measures.js";

/** Below this chance, an arm of which nothing was told is no accident. */
const LEAST_CHANCE = 0.01;

/** What it means that nobody told anything of an arm. */
interface Silence {
  /** Arms without any word: their figures are none. */
  readonly arms: readonly Arm[];
  /** Whether chance does not explain it: what was told of the other arm would have shown up in this one, too. */
  readonly isSurprising: boolean;
}

const NO_SILENCE: Silence = { arms: [], isSurprising: false };

/**
 * Arms of which nobody told what a measure rests on. That all of their conversations failed, that none was handed off and
 * that nobody reports look alike, so such a measure cannot pass. Handoffs are rare and told when they happen: there, few of
 * one arm say that somebody reports, and none of the other arm is a figure as long as chance may have made it.
 *
 * @param counted - conversations of each arm whose outcome counts by now
 * @returns nobody silent for measures that need nobody's word
 */
export function silenceOf(
  { isTold, isDelayed }: Pick<Measure, "isTold" | "isDelayed">,
  conversations: readonly ConversationRecord[],
  counted: Readonly<Record<Arm, number>>,
): Silence {
  if (isTold === null) return NO_SILENCE;
  const arms = (["canary", "stable"] as const).filter(
    (wanted) => !conversations.some((one) => one.arm === wanted && isTold(one)),
  );
  const [silent] = arms;
  if (silent === undefined) return NO_SILENCE;
  if (arms.length > 1) return { arms, isSurprising: false };
  const others = conversations.filter(({ arm }) => arm !== silent);
  const share = others.filter(isTold).length / others.length;
  const isSurprising = (1 - share) ** counted[silent] < LEAST_CHANCE;
  return isSurprising || isDelayed ? { arms, isSurprising } : NO_SILENCE;
}
