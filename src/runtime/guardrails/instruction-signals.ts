import type { Signal } from "./signals.js";

const MINE = "(?:own |next |final |whole |entire |main |primary )*";
const REPLY = `(?:(?:your|the) ${MINE}(?:answer|response|reply)|your ${MINE}(?:output|messages?|summary|explanation|elucidation))`;
const CHANGE =
  "(?:add|include|insert|integrate|incorporate|append|mention|modify|augment|enhance|embed|weave|introduce|merge|blend|feature|featur(?:ing)|encode|encrypt|translate|render|reverse|invert|rewrite|write|provide|express|convert|replace|use|apply|shift|start|begin|end|finish|prefix|suffix|attach|put|make|ensure|validate|upgrade|optimi[sz]e|elevate|supplement|improve|develop|employ|utili[sz]e|leverage|display|substitute|hint|refer|reference|suggest|promote|advertise|state|format|phrase|answer|deliver)";
const SNIPPET =
  "(?:(?:this|the|that|these|a|some)? ?(?:following|below|subsequent|next|attached|given|python|shell|bash|javascript|sql) )+(?:[a-z]+ )?(?:code|snippets?|scripts?|commands?|payloads?|sql|queries|excerpts?|sections?|blocks?)";

/** What an assistant that writes code works at. */
const WORK =
  "your (?:own |final |next )?(?:code|codebase|solution|implementation|algorithm|program|elucidation|answer|response|reply)";

/** Up to 90 characters of the same sentence; a dot within a name such as www.example.com does not end it. */
const NEAR = String.raw`(?:[^.!?\n]|[.!?](?=\S)){0,90}`;

/** Words that begin a sentence which tells something, or asks for a reply as letters do. */
const NOT_A_VERB =
  "(?:the|your|our|my|his|her|its|their|we|you|they|she|this|that|these|those|there|here|thanks?|if|when|once|after|before|what|how|why|who|which|for|from|with|all|any|not|and|but|because|since|while|unfortunately|sorry|regarding|send|submit|post|mail|await)";

/** A polite or bare beginning of a request: the verb comes right after. */
const ASKING =
  "(?:(?:assistant|ai|system|agent|bot|model|chatbot|note|task|instructions?|important|urgent)\\s*[:,-]\\s*)?(?:(?:please|kindly|now|also|then|next|first|and|but|so|finally|importantly|always|just|hey|hi|ok)[ ,:]+)*(?:(?:can|could|would|will) you (?:please |kindly |also )?)?";

/**
 * Wordings by which a document or a tool result speaks to the agent that reads it, instead of telling its reader
 * something. Documents are full of instructions for people, so most of these say little alone.
 */
export const INSTRUCTION_SIGNALS: readonly Signal[] = [
  {
    name: "addresses-agent",
    weight: 0.65,
    pattern:
      /\b(?:ai|a\.i\.|language model|llm|chat ?bot|(?:ai|virtual|digital|helpful|automated|support) (?:assistant|agent|model|system)|assistants?|bots?|gpt)\b(?:[^.!?\n]|\.(?=\w)){0,60}\b(?:must|should|shall|has to|have to|need to|needs to|are to|is to|please|always|never|instructed|required)\b/i,
  },
  {
    name: "addresses-agent",
    weight: 0.65,
    pattern:
      /\b(?:attention|note (?:to|for)|instructions? (?:to|for)|message (?:to|for)|important(?: notice)?(?: to| for)|dear|hey|hello|hi|to (?:all|any|the))\b(?:[^.!?\n]|\.(?=\w)){0,20}\b(?:ai|assistants?|language models?|llms?|chatbots?|bots?|(?:ai|automated) agents?)\b/i,
  },
  {
    name: "shapes-reply",
    weight: 0.62,
    pattern: new RegExp(String.raw`^\W*${ASKING}${CHANGE}\b${NEAR}\b${REPLY}\b`, "i"),
  },
  {
    name: "shapes-reply",
    weight: 0.62,
    pattern: new RegExp(
      String.raw`^\W*(?:in|at the (?:end|start|beginning) of|within|throughout|before|after|for) ${REPLY}\b`,
      "i",
    ),
  },
  {
    name: "shapes-reply",
    weight: 0.62,
    pattern: new RegExp(
      String.raw`^\W*${ASKING}(?:reply|respond|answer|say|speak|talk|write)\b (?:only |exactly |always |back )*(?:backwards?|in (?:reverse|base ?\d+|french|german|spanish|italian|portuguese|latin|[a-z]+ (?:only|instead))|using|with(?: only| exactly)? (?:["'“]|emojis?|the (?:word|phrase|text))|that\b|as if\b|["'“])`,
      "i",
    ),
  },
  {
    name: "shapes-reply",
    weight: 0.62,
    pattern: new RegExp(
      String.raw`^\W*${ASKING}(?!${NOT_A_VERB}\b|[a-z]+ing\b)[a-z]{3,}\b${NEAR}\b(?:(?:in|into|of|from|within|throughout|across) ${REPLY}|(?:in|of) your (?:answer|response|reply|message)['’]s? words)\b`,
      "i",
    ),
  },
  {
    name: "encodes-reply",
    weight: 0.5,
    pattern: new RegExp(
      String.raw`^\W*${ASKING}${CHANGE}\b(?:[^.!?\n]|\.(?=\w)){0,60}\b(?:base ?(?:16|32|58|64|85)|caesar|cipher|rot-?13|morse|emojis?|letters? in your|reverse|backwards?)\b`,
      "i",
    ),
  },
  {
    name: "code-to-insert",
    weight: 0.62,
    pattern: new RegExp(
      String.raw`\b(?:add|includ(?:e|ing|ed|sion)|insert|integrat(?:e|ing|ion)|incorporat(?:e|ing)|append(?:ing)?|introduc(?:e|ing)|merge|blend|embed(?:ding)?|featur(?:e|ed|ing)|employ|utili[sz](?:e|ing)|leverage|let|make|ensure|validate|implement|assimilated|addition of|elevating|supplement(?:ing)?|run|execute|paste|use|with|woven)\b(?:[^.!?\n]|\.(?=\w)){0,60}\b${SNIPPET}\b`,
      "i",
    ),
  },
  {
    name: "code-to-insert",
    weight: 0.62,
    pattern: new RegExp(String.raw`\b${SNIPPET}\b${NEAR}\b${WORK}\b|\b${WORK}\b${NEAR}\b${SNIPPET}\b`, "i"),
  },
  {
    name: "orders-tool",
    weight: 0.5,
    pattern:
      /^\W*(?:(?:please|now|then|immediately|first|you must|you should|must) )*(?:call|invoke|run|execute|trigger|use) (?:the |your )?(?:tools? |functions? )?[`"']?[a-z]+_[a-z_]+[`"']?(?: tool| function)?\b(?:[^.!?\n]|\.(?=\w)){0,60}(?:\bwith\b|\(|\bto (?:send|transfer|delete|refund|cancel|forward|pay|email)\b)/i,
  },
  {
    name: "orders-action",
    weight: 0.4,
    pattern:
      /^\W*(?:(?:please|now|then|also|immediately|first|you must|you should|must|urgent(?:ly)?|important)[ ,:]+)*(?:transfer|wire|pay|refund|cancel|delete|erase|forward|send|approve|grant|issue|change|reset|export|upload|purchase|buy|share)\b(?:[^.!?\n]|\.(?=\w)){0,60}\b(?:all|every|everything|entire|full|immediately|account|order|e-?mails?|inbox|contacts|files?|records|customers?|users?|password|funds|money|usd|\$\d|attacker|https?:|[\w.+-]+@[\w-]+\.\w+)/i,
  },
  {
    name: "conditional-order",
    weight: 0.5,
    pattern:
      /\b(?:when|if|whenever|every time) (?:you(?:'re| are)? )?(?:asked|answering|summari[sz]ing|reading|read|see|process|processing|answer|respond|responding)\b(?:[^.!?\n]|\.(?=\w)){0,80}\b(?:tell|say|reply|respond|call|send|include|add|state|recommend|mention)\b/i,
  },
  {
    name: "task",
    weight: 0.42,
    pattern: new RegExp(
      String.raw`^\W*${ASKING}(?:write (?:a|an|me|the|some|code)|develop (?:a|an)|break down|replace (?:every|each|all)|summari[sz]e|translate|explain|describe|recommend (?:a|an|some|me)|suggest|generate|compose|draft|analy[sz]e|determine the|classify|categori[sz]e|calculate|compare|list (?:the|all|some|three|five|ten)|provide (?:a|an|the|me|some|insights|information|your)|give (?:me|us)|show (?:me|us)|tell (?:me|us)|help (?:me|us)|teach me|find me|search (?:for|the web)|convert|paraphrase|rewrite|predict|create (?:a|an)|brainstorm|outline|research|evaluate|identify)\b`,
      "i",
    ),
  },
  {
    name: "question",
    weight: 0.36,
    pattern:
      /^\W*(?:(?:what|which|who|whose|where|when|why)(?:'s| wrote| made| invented| won| is| are| was| were| do| does| did| have| has| can| could| will| would| should| [a-z]+ (?:is|are|was|were|do|does|did|have|has|can|will))|how (?:can|could|do|does|did|have|has|to|should|would|many|much|long|is|are)|is (?:this|there|it)|are there|can you|could you|would you|do you know)\b[^.!\n]*\?/i,
  },
];

/** The part of {@link INSTRUCTION_SIGNALS} that asks for a task of its own: telling only where it has nothing to do with the text around it. */
export const TASK_SIGNALS: ReadonlySet<string> = new Set(["task", "question", "orders-action"]);
