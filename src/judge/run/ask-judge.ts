import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { CLAIMS } from "../../config/judge/scale-categories.js";
import type { VerdictOrder } from "../../core/judgement.js";
import type { Message } from "../../core/message.js";
import type { Model, ModelParameters } from "../../models/model.js";
import type { JudgeCall } from "../claim-judge.js";
import { repairRequest } from "../claim-questions.js";
import { type JudgedClaim, parseClaimReply } from "../claim-reply.js";
import { claimScore } from "../claim-score.js";
import type { SubjectPart } from "../claim-subject.js";
import { judgePrompt } from "./judge-prompt.js";
import { type Judged, keptBack, labelOf, mappedBack, parseVerdictReply, unreadable } from "./judge-reply.js";
import { questionOfClaims } from "./judge-words.js";

/** A model that judges by a judge file. */
export interface AskedJudge {
  readonly config: JudgeConfig;
  readonly model: Model;
  readonly parameters: ModelParameters;
}

/** Which vote on what is asked for. */
export interface AskedVote {
  readonly item: string;
  readonly parts: readonly SubjectPart[];
  readonly order: VerdictOrder;
  /** 0-based. */
  readonly vote: number;
}

/** A vote, and what its calls cost; `null` when no price is known. */
export type AskedVerdict = Judged & { readonly costUsd: number | null };

/** Calls that one vote may take: the question and one repair. */
const CALLS_A_VOTE = 2;

/** What a reply says, or what is wrong with its form. */
type Reading = Judged | { readonly problem: string };

/**
 * Asks a model for one vote. A reply that is not the JSON asked for is sent back once; the second one counts as it is.
 * Each vote has a place of its own in the response cache, so that a second vote is a second opinion.
 *
 * @throws {ProviderError} when the model could not be asked: that is no verdict
 */
export async function askJudge(
  { config, model, parameters }: AskedJudge,
  { item, parts, order, vote }: AskedVote,
  { signal, onCall }: { readonly signal: AbortSignal; readonly onCall: (call: JudgeCall) => void },
): Promise<AskedVerdict> {
  const messages: Message[] = [...judgePrompt(config, parts)];
  const place = 2 * vote + (order === "swapped" ? 1 : 0);
  let costUsd: number | null = 0;
  for (let attempt = 0; ; attempt += 1) {
    let isCached = false;
    const turn = CALLS_A_VOTE * place + attempt;
    const reply = await model.complete(
      {
        messages: [...messages],
        tools: [],
        parameters,
        position: { caseId: item, trial: 0, speaker: "agent", turn },
      },
      {
        signal,
        onCacheHit: () => {
          isCached = true;
        },
      },
    );
    costUsd = costUsd === null || reply.costUsd === null ? null : costUsd + reply.costUsd;
    onCall({ isCached, costUsd: isCached ? 0 : reply.costUsd });
    const text = reply.text ?? "";
    if (reply.finishReason === "content_filter") return { ...keptBack(), costUsd };
    const reading = readingOf(config, parts, order, text);
    if (!("problem" in reading)) return { ...reading, costUsd };
    if (attempt + 1 === CALLS_A_VOTE) return { ...unreadable(text), costUsd };
    messages.push(
      { role: "assistant", content: text },
      { role: "user", content: repairRequest(reading.problem) },
    );
  }
}

function readingOf(
  config: JudgeConfig,
  parts: readonly SubjectPart[],
  order: VerdictOrder,
  text: string,
): Reading {
  if (config.scale.kind === "claims") {
    const question = questionOfClaims(config.scale);
    const parsed = parseClaimReply(text, question.verdicts);
    return "problem" in parsed ? parsed : judgedClaims(question.metric, parsed.claims, parts);
  }
  const parsed = parseVerdictReply(text);
  if ("problem" in parsed) return parsed;
  const { value, reason } = labelOf(config, parsed.word);
  return { value: mappedBack(value, order), share: null, reason, ...parsed };
}

/** Claims as a whole: `yes` when none counts against the answer. */
function judgedClaims(metric: string, claims: readonly JudgedClaim[], parts: readonly SubjectPart[]): Judged {
  const texts = parts.map(({ text }) => text);
  const score = claimScore(metric, claims, texts);
  if (score.value === null) {
    return { value: null, share: null, reason: "unmapped", word: "no claims", reasoning: score.reason };
  }
  const value = score.value === 1 ? CLAIMS.pass : CLAIMS.fail;
  return { value, share: score.value, reason: null, word: value, reasoning: score.detail ?? "" };
}
