import type { ModelReply } from "../../../core/message.js";
import { turnOf } from "../../marked-calls.js";
import { type ActedCall, type Turn, TurnStopped } from "../../turn.js";
import { askStructured, type Reading } from "../ask-structured.js";
import { type ConfidenceGate, requireConfidence } from "../confidence-gate.js";
import { contextUsed } from "../context-used.js";
import type { Strategy } from "../strategy.js";
import { assessCandidate } from "./assess-candidate.js";
import {
  CANDIDATES_JSON_SCHEMA,
  type Candidate,
  type CandidateCall,
  type CandidatesAnswer,
  readCandidates,
} from "./candidates.js";
import { type Branch, chooseBranch, describeBranch } from "./choose-branch.js";
import {
  candidatesRequest,
  EVALUATION_JSON_SCHEMA,
  type Evaluation,
  type EvaluationAnswer,
  evaluationRequest,
} from "./tree-prompt.js";

export interface TreeOptions {
  readonly gate: ConfidenceGate;
  /** Candidates at most, 2 or more. */
  readonly branches: number;
  /** 0 to 1; see {@link chooseBranch}. */
  readonly qualityMargin: number;
}

/**
 * Before each move asks for the ways to go on. One way is taken as it is; several are judged by the model and by code,
 * and the safest of the good ones is taken. While branches are judged only tools that read are called.
 */
export function treeStrategy(options: TreeOptions): Strategy {
  return {
    name: "tree",
    async run(turn) {
      for (;;) {
        const asked = turn.clock.monotonic();
        const candidates = await propose(turn, options);
        const branches = await evaluate(turn, candidates);
        const chosen = chooseBranch(branches, options.qualityMargin);
        record(turn, branches, chosen, turn.clock.monotonic() - asked);
        if (chosen === null) return handOver(turn, options, "every candidate is refused");
        const { calls, say, confidence } = chosen.candidate;
        if (say !== null) return turn.respond(say);
        requireConfidence(
          turn,
          calls.map(({ tool }) => ({ tool, confidence })),
          options.gate,
        );
        await carryOut(turn, calls);
      }
    },
  };
}

async function propose(turn: Turn, options: TreeOptions): Promise<readonly Candidate[]> {
  const { branches } = options;
  const reading = await askStructured(
    turn,
    candidatesRequest(turn, branches),
    CANDIDATES_JSON_SCHEMA,
    (answer) => readCandidates(answer as CandidatesAnswer, branches),
  );
  if ("problems" in reading) return handOver(turn, options, "the model gave no candidates that can be used");
  return reading.value;
}

/** Where there is nothing to choose, nothing is asked: a single candidate has full score. */
async function evaluate(turn: Turn, candidates: readonly Candidate[]): Promise<readonly Branch[]> {
  const assessed = candidates.map((candidate) => ({
    candidate,
    assessment: assessCandidate(candidate, turn.tools),
  }));
  const open = assessed.flatMap(({ candidate, assessment }) =>
    assessment.refusal === null ? [candidate] : [],
  );
  const said = open.length < 2 ? new Map<string, Evaluation>() : await judge(turn, open);
  return assessed.map(({ candidate, assessment }) => {
    const own = said.get(candidate.id);
    return {
      candidate,
      assessment,
      score: own?.score ?? 1,
      risk: Math.max(assessment.risk, own?.risk ?? 0),
      reasons: own?.reasons ?? [],
    };
  });
}

/** Without a usable evaluation all score alike, and what code knows of the risk decides. */
async function judge(turn: Turn, open: readonly Candidate[]): Promise<ReadonlyMap<string, Evaluation>> {
  const probed = await probe(turn, open);
  const reading = await askStructured(
    turn,
    evaluationRequest(turn, open, probed),
    EVALUATION_JSON_SCHEMA,
    (answer): Reading<readonly Evaluation[]> => {
      const { evaluations } = answer as EvaluationAnswer;
      const missing = open.filter(({ id }) => !evaluations.some((one) => one.id === id));
      return missing.length === 0
        ? { value: evaluations }
        : { problems: missing.map(({ id }) => `candidate ${id} has no evaluation`) };
    },
  );
  return new Map("problems" in reading ? [] : reading.value.map((one) => [one.id, one]));
}

async function probe(turn: Turn, candidates: readonly Candidate[]): Promise<readonly ActedCall[]> {
  const reads = candidates
    .flatMap(({ probes }) => probes)
    .filter(({ tool }) =>
      turn.tools.some(({ spec, reversibility }) => spec.name === tool && reversibility === "read"),
    );
  if (reads.length === 0) return [];
  return turn.act(replyOf(turn, reads), { parallel: reads.length > 1 });
}

/** A call after one that failed was thought of for another world: the model is asked again instead. */
async function carryOut(turn: Turn, calls: readonly CandidateCall[]): Promise<void> {
  for (const call of calls) {
    const [acted] = await turn.act(replyOf(turn, [call]));
    if (acted?.isError !== false) return;
  }
}

function record(turn: Turn, branches: readonly Branch[], chosen: Branch | null, durationMs: number): void {
  turn.reason({
    text: chosen === null ? "no candidate can be carried out" : chosen.candidate.thought,
    confidence: chosen?.candidate.confidence ?? null,
    alternatives: branches.map((branch) => `${branch === chosen ? "chosen " : ""}${describeBranch(branch)}`),
    contextUsed: contextUsed(turn),
    durationMs,
  });
}

function handOver(turn: Turn, { gate }: TreeOptions, detail: string): never {
  turn.emit("guardrail_triggered", { rule: "tool.tree", action: "escalate", detail });
  throw new TurnStopped("escalated", gate.handover);
}

function replyOf(turn: Turn, calls: readonly CandidateCall[]): ModelReply {
  const prefix = `tree_${turnOf(turn.log)}_${turn.log.messages.length}`;
  return {
    text: null,
    toolCalls: calls.map((call, index) => ({
      id: `${prefix}_${index}`,
      name: call.tool,
      arguments: call.arguments,
    })),
    finishReason: "tool_calls",
    usage: null,
    costUsd: 0,
    model: "tree",
  };
}
