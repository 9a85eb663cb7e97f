import { ProviderError } from "../core/errors.js";
import { contentHash } from "../core/hash.js";
import type { Message } from "../core/message.js";
import type { Score } from "../core/score.js";
import type { ScoredInput } from "../metrics/metric.js";
import { unscored } from "../metrics/scores.js";
import type { Model, ModelParameters } from "../models/model.js";
import { type ClaimQuestion, repairRequest } from "./claim-questions.js";
import { parseClaimReply } from "./claim-reply.js";
import { claimScore } from "./claim-score.js";
import { claimSubject, fenced, type SubjectPart } from "./claim-subject.js";

/** A model that judges claims. */
export interface ClaimJudge {
  readonly model: Model;
  readonly parameters: ModelParameters;
}

/** What a call of a judge cost. */
export interface JudgeCall {
  /** Whether a cache answered: the call then cost nothing now. */
  readonly isCached: boolean;
  /** US dollars; `null` when no price is known. */
  readonly costUsd: number | null;
}

export interface JudgeServices {
  readonly signal: AbortSignal;
  readonly onCall: (call: JudgeCall) => void;
  /** Told why a score is missing that the judge could not be asked for. */
  readonly onFailure: (error: ProviderError) => void;
}

/** Version of a judge for one metric: another one when model, instructions or parameters change. */
export function claimJudgeVersion({ model, parameters }: ClaimJudge, question: ClaimQuestion): string {
  return contentHash({
    model: `${model.provider}/${model.name}`,
    parameters: { ...parameters },
    instructions: question.instructions,
    repair: repairRequest(""),
  });
}

/**
 * Asks a judge for the claims of one trial's answer and for its verdict on each. A reply that is not the JSON asked
 * for is sent back once; a second one gives no score, and so does a provider that cannot answer.
 *
 * @throws {ProviderError} PROVIDER_AUTH, which every further call would meet as well, and PROVIDER_ABORTED
 */
export async function judgeClaims(
  judge: ClaimJudge,
  question: ClaimQuestion,
  input: ScoredInput,
  services: JudgeServices,
): Promise<Score> {
  const subject = claimSubject(question.metric, input);
  if ("reason" in subject) return unscored(subject.reason);
  try {
    return await ask(judge, question, input, subject.parts, services);
  } catch (error) {
    if (!(error instanceof ProviderError) || isFinal(error)) throw error;
    services.onFailure(error);
    return unscored(`the judge could not be asked: ${error.code}`);
  }
}

function isFinal({ code }: ProviderError): boolean {
  return code === "PROVIDER_AUTH" || code === "PROVIDER_ABORTED";
}

async function ask(
  { model, parameters }: ClaimJudge,
  question: ClaimQuestion,
  { trial }: ScoredInput,
  parts: readonly SubjectPart[],
  { signal, onCall }: Pick<JudgeServices, "signal" | "onCall">,
): Promise<Score> {
  const messages: Message[] = [
    { role: "system", content: question.instructions },
    { role: "user", content: fenced(parts) },
  ];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    let isCached = false;
    const position = {
      caseId: trial.caseId,
      trial: trial.trial,
      speaker: "agent",
      turn: question.turn + attempt,
    } as const;
    const reply = await model.complete(
      { messages: [...messages], tools: [], parameters, position },
      {
        signal,
        onCacheHit: () => {
          isCached = true;
        },
      },
    );
    onCall({ isCached, costUsd: isCached ? 0 : reply.costUsd });
    if (reply.finishReason === "content_filter") return unscored("the judge declined to judge");
    const parsed = parseClaimReply(reply.text ?? "", question.verdicts);
    if ("claims" in parsed) {
      return claimScore(
        question.metric,
        parsed.claims,
        parts.map(({ text }) => text),
      );
    }
    messages.push({ role: "assistant", content: reply.text ?? "" });
    messages.push({ role: "user", content: repairRequest(parsed.problem) });
  }
  return unscored("the judge gave no valid JSON");
}
