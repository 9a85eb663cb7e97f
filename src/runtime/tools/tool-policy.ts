import type { ArgumentBinding, ArgumentCap, Compensation, Reversibility, Tool } from "./tool.js";

/** What an agent file says of a tool; what it leaves out stays as the tool declares it. */
export interface ToolPolicy {
  readonly permission?: string;
  readonly reversibility?: Reversibility;
  readonly caps?: readonly ArgumentCap[];
  readonly bindings?: readonly ArgumentBinding[];
  /** Absent: irreversible and capped actions ask, see {@link asksByDefault}. */
  readonly confirm?: boolean;
  readonly timeoutMs?: number;
  readonly resultFields?: readonly string[];
  readonly compensation?: Compensation;
  readonly isIdempotent?: boolean;
}

/**
 * Whether the user is asked before a call where nobody said so: before what cannot be undone and before capped actions.
 * A cap with `confirmAbove` says itself when to ask.
 */
export function asksByDefault(reversibility: Reversibility, caps: readonly ArgumentCap[]): boolean {
  if (reversibility === "read" || caps.some((cap) => cap.confirmAbove !== undefined)) return false;
  return reversibility === "irreversible" || caps.length > 0;
}

/** The tool under a policy; what it does stays the same. */
function withPolicy(tool: Tool, policy: ToolPolicy): Tool {
  const reversibility = policy.reversibility ?? tool.reversibility;
  const caps = policy.caps ?? tool.caps;
  const bindings = policy.bindings ?? tool.bindings;
  return {
    ...withCall(tool, (args, context) => tool.call(args, context)),
    reversibility,
    caps,
    ...(bindings === undefined ? {} : { bindings }),
    permission: policy.permission ?? tool.permission,
    needsConfirmation: policy.confirm ?? asksByDefault(reversibility, caps),
    timeoutMs: policy.timeoutMs ?? tool.timeoutMs,
    resultFields: policy.resultFields ?? tool.resultFields,
    compensation: policy.compensation ?? tool.compensation,
    isIdempotent: policy.isIdempotent ?? tool.isIdempotent ?? false,
  };
}

/** The tool with another way to call it. Field by field, as a tool may be an object of a class. */
export function withCall(tool: Tool, call: Tool["call"]): Tool {
  const { spec, source, reversibility, ends, permission, caps, bindings, lookUp } = tool;
  return {
    spec,
    source,
    reversibility,
    ends,
    permission,
    caps,
    ...(bindings === undefined ? {} : { bindings }),
    needsConfirmation: tool.needsConfirmation,
    timeoutMs: tool.timeoutMs,
    resultFields: tool.resultFields,
    compensation: tool.compensation,
    ...(tool.isIdempotent === undefined ? {} : { isIdempotent: tool.isIdempotent }),
    call,
    ...(lookUp === undefined ? {} : { lookUp: (key, context) => lookUp.call(tool, key, context) }),
  };
}

/** The tools of a conversation, each under its policy where there is one. */
export function withPolicies(
  tools: readonly Tool[],
  policies: ReadonlyMap<string, ToolPolicy> | undefined,
): readonly Tool[] {
  if (policies === undefined || policies.size === 0) return tools;
  return tools.map((tool) => {
    const policy = policies.get(tool.spec.name);
    return policy === undefined ? tool : withPolicy(tool, policy);
  });
}
