import type { GoldenCase } from "../core/golden-case.js";
import { contentHash } from "../core/hash.js";
import type { Subject } from "../core/judgement.js";
import type { RunHeader } from "../core/run.js";
import type { Trace } from "../core/trace.js";
import type { Trial } from "../core/trial.js";

/** What of a trial is judged. */
export interface TrialToJudge {
  readonly run: Pick<RunHeader, "id" | "suite" | "provider" | "model">;
  readonly goldenCase: GoldenCase;
  readonly trial: Trial;
  readonly trace: Trace;
  /** Rules that the agent had to keep; `null` where the world has none. */
  readonly policy: string | null;
}

/**
 * What judges and people are shown of a trial. Its item is `<case>/<trial>@<hash>`, the hash over what the user, the agent
 * and its tools said: copies of a run share their items, and a trial that was executed again has another one. The
 * reference answer and the slices are not in the hash: correcting a case keeps its labels.
 */
export function trialSubject({ run, goldenCase, trial, trace, policy }: TrialToJudge): Subject {
  const conversation = conversationOf(goldenCase, trace);
  const shown = {
    question: conversation.findLast(({ role }) => role === "user")?.text ?? null,
    conversation,
    documents: documentsOf(trace),
    tools: trace.toolCalls.map(({ name, arguments: args, result, isError }) => ({
      name,
      arguments: args,
      result,
      isError,
    })),
    answer: trace.answer,
  };
  return {
    ...shown,
    item: `${trial.caseId}/${trial.trial}@${contentHash(shown).slice(0, 12)}`,
    reference: goldenCase.expect.answer,
    policy,
    otherAnswer: null,
    slices: slicesOf(goldenCase, run),
    model: `${run.provider}/${run.model}`,
    otherModel: null,
    origin: { run: run.id, caseId: trial.caseId, trial: trial.trial },
  };
}

type Line = Subject["conversation"][number];

/** What was said before the final answer; the case's own words where the trace does not tell them. */
function conversationOf({ input }: GoldenCase, { transcript }: Trace): readonly Line[] {
  const told = transcript.some(({ role }) => role === "user");
  const lines = [...(told ? [] : wordsOf(input)), ...transcript].map(
    ({ role, text }): Line => ({ role: role === "user" ? "user" : "agent", text }),
  );
  const answer = lines.findLastIndex(({ role }) => role === "agent");
  // A simulated user says its end mark when all is said: that is no question.
  return answer < 0 ? lines : lines.slice(0, answer);
}

function wordsOf(input: GoldenCase["input"]): readonly { readonly role: string; readonly text: string }[] {
  if (input.kind === "text") return [{ role: "user", text: input.text }];
  if (input.kind === "messages") return input.messages.map(({ role, content }) => ({ role, text: content }));
  return [{ role: "user", text: input.goal }];
}

/** Each passage once, in the order in which the agent saw them; those without a text tell a judge nothing. */
function documentsOf({ retrievals }: Trace): Subject["documents"] {
  const seen = new Set<string>();
  return retrievals.flatMap(({ chunks }) =>
    chunks.flatMap(({ documentId, chunkId, title, text }) => {
      const id = chunkId ?? documentId;
      if (text === undefined || text === "" || seen.has(`${id} ${text}`)) return [];
      seen.add(`${id} ${text}`);
      return [{ id, title: title ?? null, text }];
    }),
  );
}

function slicesOf({ risk, tags, group, id, split }: GoldenCase, run: TrialToJudge["run"]): Subject["slices"] {
  return {
    suite: run.suite,
    split,
    ...(risk === null ? {} : { risk }),
    ...(tags.length === 0 ? {} : { tag: tags.join(",") }),
    ...(group === id ? {} : { group }),
  };
}
