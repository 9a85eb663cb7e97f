import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Subject, VerdictEntry, VerdictOrder } from "../../core/judgement.js";
import type { JudgeCall } from "../../judge/claim-judge.js";
import type { SubjectPart } from "../../judge/claim-subject.js";
import { heuristicVerdict } from "../../judge/heuristic/heuristic-verdict.js";
import { type AskedJudge, type AskedVerdict, askJudge } from "../../judge/run/ask-judge.js";
import { mappedBack } from "../../judge/run/judge-reply.js";

/** One vote that is wanted. */
interface WantedVote {
  readonly subject: Subject;
  readonly parts: readonly SubjectPart[];
  readonly order: VerdictOrder;
  readonly vote: number;
}

/** Gives votes: a model, or a baseline. */
export interface Voter {
  /** Votes on each item, in each order. */
  readonly votes: number;
  readonly orders: readonly VerdictOrder[];
  readonly give: (wanted: WantedVote) => Promise<AskedVerdict>;
}

/** Votes of a model. */
export function modelVoter(
  judge: AskedJudge,
  services: { readonly signal: AbortSignal; readonly onCall: (call: JudgeCall) => void },
): Voter {
  const { config } = judge;
  return {
    votes: config.votes,
    orders: ordersOf(config),
    give: ({ subject, parts, order, vote }) =>
      askJudge(judge, { item: subject.item, parts, order, vote }, services),
  };
}

/** The verdict of a baseline: it never changes, so one vote is all there is. */
export function heuristicVoter(config: JudgeConfig, name: NonNullable<JudgeConfig["heuristic"]>): Voter {
  return {
    votes: 1,
    orders: ordersOf(config),
    give: async ({ subject, order }) => {
      const shown =
        order === "first"
          ? subject
          : { ...subject, answer: subject.otherAnswer, otherAnswer: subject.answer };
      const verdict = heuristicVerdict(name, shown, config);
      const reason: VerdictEntry["reason"] = verdict.value === null ? "unmapped" : null;
      return { ...verdict, value: mappedBack(verdict.value, order), reason, costUsd: 0 };
    },
  };
}

/** Orders in which pairs are asked; one for single answers. */
export function ordersOf({ scale, both_orders: bothOrders }: JudgeConfig): readonly VerdictOrder[] {
  return scale.kind === "pairwise" && bothOrders ? ["first", "swapped"] : ["first"];
}
