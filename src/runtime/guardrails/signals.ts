/** A wording that attacks have, and how telling it is by itself, 0 to 1. */
export interface Signal {
  readonly name: string;
  readonly weight: number;
  readonly pattern: RegExp;
}

const OF_THE_AGENT =
  "(?: (?:all|any|every|everything|each|of|the|your|my|its|these|those|this|previous|previously|prior|preceding|above|earlier|former|initial|original|existing|current|system|safety|security|given|operator'?s?|developer'?s?|company))*";
const RULES_WORD =
  "(?:instructions?|prompts?|rules|guidelines|polic(?:y|ies)|restrictions|guardrails|safeguards|directives|limits?|limitations|constraints|programming|training|context|commands?)";

/**
 * Wordings by which a text tries to take the place of the operator, wherever it stands: in a message, a document or
 * a tool result. Common English wordings; each pattern is linear in the length of a sentence.
 */
export const TAKEOVER_SIGNALS: readonly Signal[] = [
  {
    name: "override",
    weight: 0.85,
    pattern: new RegExp(
      String.raw`\b(?:ignore|disregard|forget|override|bypass|overrule|abandon|drop|skip|do not follow|don't follow|stop following)\b${OF_THE_AGENT} ${RULES_WORD}\b`,
      "i",
    ),
  },
  {
    name: "override",
    weight: 0.8,
    pattern:
      /\b(?:ignore|disregard|forget)(?: about)? (?:everything|all|anything|what(?:ever)?)(?: (?:of )?(?:the|that|which|was|is|you))*(?: (?:above|before|so far|said|told|written|learned|know|were|have))/i,
  },
  {
    name: "new-instructions",
    weight: 0.6,
    pattern:
      /\b(?:new|updated|revised|real|actual|following) (?:system )?(?:instructions?|rules?|task|directives?|orders|objective|goal|policy)\b(?:[^.!?\n]|\.(?=\w)){0,40}(?::|\b(?:from (?:your|the) (?:developers?|operators?|admins?|administrators?|creators?|system|management)|replaces?|supersedes?|overrides?|for (?:you|the (?:assistant|agent|ai|model)))\b)/i,
  },
  {
    name: "new-instructions",
    weight: 0.5,
    pattern:
      /\b(?:from now on|henceforth|for the rest of (?:this|the) conversation|starting now),? (?:you|your|always|never|every|ignore|answer|reply|respond)\b/i,
  },
  {
    name: "role-play",
    weight: 0.75,
    pattern:
      /\byou(?:'re| are) (?:now|no longer|actually|going to (?:be|act|play)) (?:(?:in|an?|the|my) )?(?:dan\b|ai\b|assistant|chatbot|bot\b|model|free|unrestricted|unfiltered|jailbroken|evil|admin|administrator|root|developer|linux|terminal|shell|bound|restricted|limited|required|character|system|different)/i,
  },
  {
    name: "role-play",
    weight: 0.7,
    pattern:
      /\b(?:pretend|imagine|act|behave|roleplay|role-play|respond|answer|simulate)\b(?:[^.!?\n]|\.(?=\w)){0,30}\b(?:(?:as|to be|like|being|that you are|you are|you're) )(?:if you (?:were|had|have) )?(?:(?:an?|the|my|no) )?(?:unrestricted|unfiltered|uncensored|evil|admin|administrator|root|developer|dan\b|hacker|jailbroken|rules|restrictions|limits|filters|ai without|assistant without|linux terminal|manager|supervisor|employee)/i,
  },
  {
    name: "role-play",
    weight: 0.6,
    pattern:
      /\b(?:developer|debug|admin|god|sudo|maintenance|jailbreak|dan|unrestricted|root|diagnostic|test) mode\b/i,
  },
  {
    name: "role-play",
    weight: 0.5,
    pattern:
      /\b(?:without|with no|free of|no longer have|remove all|disable (?:all |your |the )*)(?: any| your| all| the)* ?(?:restrictions|filters?|guardrails|safety (?:checks|rules|measures)|censorship|ethical (?:rules|limits)|content polic(?:y|ies))\b/i,
  },
  {
    name: "prompt-extraction",
    weight: 0.8,
    pattern:
      /\b(?:show|reveal|give|print|tell|send|share|list|dump|repeat|output|read|recite|disclose|leak|display|export|provide|what(?:'s| is| are| was| were| does)|paste|quote|translate|summari[sz]e|encode|write|copy|spell|reproduce)\b(?:[^.!?\n]|\.(?=\w)){0,60}\b(?:system (?:prompt|message|instructions?)|(?:your|the (?:initial|hidden|secret|original|internal|developer|operator'?s?)) (?:(?:full|exact|own|complete|entire|hidden|secret|original|internal|initial|first) )*(?:instructions|prompt|directives|guidelines|configuration|rules verbatim)\b(?! (?:for|on|to|about|how))|(?:text|words|everything|messages?|lines?|content) (?:above|before (?:this|my)))/i,
  },
  {
    name: "delimiter",
    weight: 0.8,
    pattern:
      /<\/?(?:system|context|document|instructions?|admin|assistant|user|tool|tool_result|function_results?|im_start|im_end)\b[^>\n]{0,80}>|<\|[a-z_]{2,20}\|>|\[\s*\/?\s*(?:system|inst|admin|assistant)\b[^\]\n]{0,40}\]|<<\/?sys>>|^\s*#{2,}\s*(?:system|(?:new )?instructions?)\s*:?\s*$/im,
  },
  {
    name: "delimiter",
    weight: 0.55,
    pattern:
      /^\W{0,4}(?:system|assistant|developer|admin)(?: (?:message|prompt|override|note|notice|update|alert|instruction))?\s*:/im,
  },
  {
    name: "authority",
    weight: 0.5,
    pattern:
      /\b(?:i am|i'm|this is|we are|message from|notice from|rule from|order from|update from) (?:(?:your|the|an?|one of) )*(?:developers?|creators?|system administrator|administrators?|admin|operators?|engineers? (?:at|of|from) (?:openai|anthropic)|openai|anthropic|it department|security team|ceo|root user)\b/i,
  },
  {
    name: "authority",
    weight: 0.5,
    pattern:
      /\b(?:override|authori[sz]ation|bypass|admin(?:istrator)?|unlock|master) code\b|\bconfirmed is always true\b|\b(?:i|you) (?:have|now have|am granted|are granted) (?:full |root |admin |administrator )+(?:access|rights|privileges|permissions?)\b/i,
  },
  {
    name: "no-questions",
    weight: 0.35,
    pattern:
      /\b(?:do not|don't|never|without) (?:ask(?:ing)?|wait(?:ing)? for|request(?:ing)?|need(?:ing)?)\b(?:[^.!?\n]|\.(?=\w)){0,30}\b(?:anything|questions?|confirmation|permission|approval|me|the (?:user|customer)|verification)\b/i,
  },
  {
    name: "secrets",
    weight: 0.65,
    pattern:
      /\b(?:show|reveal|give|print|tell|send|share|list|dump|output|disclose|leak|display|export|provide|what(?:'s| is| are))\b(?:[^.!?\n]|\.(?=\w)){0,50}\b(?:(?:admin(?:istrator)?|root|master|database|production|internal|service|staff|employee|system)(?:'s)? (?:[a-z]+ )?(?:passwords?|credentials?|secrets?|api keys?|tokens?|login|code)|private keys?|secret keys?|env(?:ironment)? variables?|(?:all|every|other) (?:customers?|users?|clients?)'?s? (?:[a-z]+ )?(?:data|details|records|addresses|orders|e-?mails?|names|accounts|passwords|information))\b/i,
  },
  {
    name: "exfiltration",
    weight: 0.55,
    pattern:
      /\b(?:send|forward|post|upload|e-?mail|transmit|exfiltrate|leak|copy|deliver|submit)\b(?:[^.!?\n]|\.(?=\w)){0,80}\b(?:conversation|chat history|(?:customer|user|personal|account|order|payment|card)s?(?:'s)? (?:data|details|information|records|list|history|numbers?)|passwords?|credentials?|everything|all (?:e-?mails|orders|messages|records|contacts|data)|this data|the results?|inbox)\b[^\n]{0,60}(?:https?:\/\/|www\.|[\w.+-]+@[\w-]+\.\w|\bto (?:me|us|the following)\b)/i,
  },
  {
    name: "exfiltration",
    weight: 0.6,
    pattern: /!\[[^\]\n]{0,80}\]\(https?:\/\/[^)\s]+\?[^)\s]*(?:=|\{)/i,
  },
  {
    name: "concealment",
    weight: 0.5,
    pattern:
      /\b(?:do not|don't|never|without) (?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|notify(?:ing)?|show(?:ing)?|let(?:ting)?)\b(?:[^.!?\n]|\.(?=\w)){0,40}\b(?:users?|customers?|anyone|anybody|know|this (?:note|instruction|message|document|step)|recipient|owner)\b/i,
  },
];
