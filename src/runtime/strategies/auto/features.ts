import { chooseTool, type ToolMatch } from "../../../models/embedded/intent.js";
import { splitProse } from "../../../models/embedded/sentences.js";
import { slotValues } from "../../../models/embedded/slots.js";
import { type ToolProfile, toolProfiles } from "../../../models/embedded/tool-profile.js";
import type { ConversationLog } from "../../conversation-log.js";
import type { Reversibility, Tool } from "../../tools/tool.js";
import { NEAR_CAP } from "../tree/assess-candidate.js";

/** What rules say of a request; no model is asked. English words only. */
export interface RequestFeatures {
  /** Things asked for: requests that match different tools, or one tool for different parts. */
  readonly intents: number;
  /** 0: every matched tool has its arguments and nothing is vague; 1: none has. */
  readonly ambiguity: number;
  /** 0: nothing but reading; 1: cannot be undone, and near a cap. */
  readonly stakes: number;
  /** How well the words fit the tool that fits best, 0 to 1; `null` when none fits. */
  readonly confidence: number | null;
  /** Names of the matched tools, each once. */
  readonly tools: readonly string[];
  /** Required arguments of the matched tools that the conversation does not give, as `tool.argument`. */
  readonly missing: readonly string[];
  /** Whether the words name no thing in particular ("sort it out"). */
  readonly isVague: boolean;
}

const NEXT = /\s*(?:;|,?\s+\b(?:and then|then|and also|and|also|after that|as well as)\b)\s*/i;
const VAGUE =
  /\b(?:sort (?:it|this|that) out|fix (?:it|this|that)|deal with (?:it|this|that)|do something|something about|make it right|handle (?:it|this|that)|take care of (?:it|this|that)|undo (?:it|this|that)|get rid of (?:it|this|that)|one of (?:my|the)|the other one)\b/i;
const STAKES: Readonly<Record<Reversibility, number>> = { read: 0, reversible: 0.4, irreversible: 0.8 };
/** Score of a sentence that has verb, noun and identifier of a tool. */
const FULL_MATCH = 6;
const MONEY = /(?:[$€£]\s?)(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:usd|eur|gbp|dollars?|euros?)\b/gi;

/** Reads a request of the user against the tools; earlier messages of the user may give arguments. */
export function requestFeatures(text: string, tools: readonly Tool[], log: ConversationLog): RequestFeatures {
  const profiles = toolProfiles(tools.map(({ spec }) => spec));
  const clauses = splitProse(text)
    .flatMap((sentence) => sentence.split(NEXT))
    .filter((clause) => clause.trim() !== "");
  const matches = distinct(clauses.flatMap((clause) => chooseTool(clause, profiles) ?? []));
  const whole = chooseTool(text, profiles);
  const matched = matches.length > 0 ? matches : whole === null ? [] : [whole];
  const said = [text, ...earlierWords(log)];
  const missing = matched.flatMap(({ tool }) =>
    missingSlots(tool, said).map((slot) => `${tool.name}.${slot}`),
  );
  const required = matched.reduce((sum, { tool }) => sum + demanded(tool).length, 0);
  const isVague = VAGUE.test(text);
  const share = required === 0 ? 0 : missing.length / required;
  const isUnclear = isVague && (matched.length === 0 || missing.length > 0);
  return {
    intents: matched.length,
    ambiguity: Math.max(share, isUnclear ? 0.8 : 0),
    stakes: stakesOf(matched, isVague ? tools : [], tools, text),
    confidence:
      matched.length === 0 ? null : Math.min(1, Math.max(...matched.map(({ score }) => score)) / FULL_MATCH),
    tools: [...new Set(matched.map(({ tool }) => tool.name))],
    missing,
    isVague,
  };
}

/** The same tool twice counts twice only where the clauses differ in what they name. */
function distinct(matches: readonly ToolMatch[]): readonly ToolMatch[] {
  const seen = new Set<string>();
  return matches.filter(({ tool, sentence }) => {
    const ids = tool.slots.filter(({ kind }) => kind === "id").flatMap((slot) => valuesOf(slot, [sentence]));
    const key = JSON.stringify([tool.name, ids]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function demanded(tool: ToolProfile) {
  return tool.slots.filter(
    ({ isRequired, isConfirmation, kind }) =>
      isRequired && !isConfirmation && kind !== "reason" && kind !== "choice",
  );
}

function missingSlots(tool: ToolProfile, texts: readonly string[]): readonly string[] {
  return demanded(tool)
    .filter((slot) => valuesOf(slot, texts).length === 0)
    .map(({ name }) => name);
}

function valuesOf(slot: ToolProfile["slots"][number], texts: readonly string[]) {
  return slotValues(slot, { texts, asked: null, systemText: "" });
}

function earlierWords({ messages }: ConversationLog): readonly string[] {
  const said = messages.flatMap(({ role, content }) =>
    role === "user" && content !== null ? [content] : [],
  );
  return said.slice(0, -1).reverse();
}

/** A vague request may mean any tool: it has the stakes of the worst. */
function stakesOf(
  matched: readonly ToolMatch[],
  possible: readonly Tool[],
  tools: readonly Tool[],
  text: string,
): number {
  const meant = tools.filter((tool) => matched.some((match) => match.tool.name === tool.spec.name));
  const amounts = [...text.matchAll(MONEY)].map((found) =>
    Number((found[1] ?? found[2] ?? "").replaceAll(",", "")),
  );
  const stakes = [...meant, ...possible].map((tool) => {
    const isNear = tool.caps.some(
      ({ max }) => max !== undefined && amounts.some((amount) => amount >= NEAR_CAP * max),
    );
    if (tool.reversibility !== "read" && meant.includes(tool) && isNear) return 1;
    return Math.max(STAKES[tool.reversibility], tool.needsConfirmation ? STAKES.irreversible : 0);
  });
  return Math.max(0, ...stakes);
}
