import type { ToolLayerName } from "../../../config/agent/tools-schema.js";
import type { ConversationContext, ConversationHooks, ConversationPart } from "../../conversation-part.js";
import { isNotReached } from "../not-reached.js";
import {
  type ArgumentCap,
  refusedCall,
  type Tool,
  type ToolArguments,
  type ToolInvocation,
} from "../tool.js";
import { withCall } from "../tool-policy.js";
import { bindArguments } from "./bind-arguments.js";
import { checkCap } from "./check-caps.js";
import { schemaProblem } from "./check-schema.js";
import { Confirmation } from "./confirmation.js";
import { keepFields } from "./keep-fields.js";
import { plainArguments } from "./plain-arguments.js";
import { SpentTotals } from "./spent-totals.js";

const NAME = "tool-policy";

interface ToolPolicyPart extends ConversationPart {
  readonly layers: ReadonlySet<ToolLayerName>;
}

/**
 * Holds every tool call against what its tool declares, in code: permission, arguments that belong to the identity,
 * schema, caps, confirmation; and lets only declared fields of a result through. What decides is the tool, the identity
 * and the log; no text of a model or a document is looked at, save the user's yes or no.
 *
 * @param layers - those that are switched on
 */
export function toolPolicyPart(layers: ReadonlySet<ToolLayerName>): ToolPolicyPart {
  return { name: NAME, layers, open: (context) => new ToolPolicyHooks(layers, context) };
}

export function isToolPolicy(part: ConversationPart): part is ToolPolicyPart {
  return part.name === NAME;
}

/** Why a call is not run. */
interface Refusal {
  readonly layer: ToolLayerName;
  readonly reason: string;
}

/** A call that has passed, with what it set aside and may give back. */
interface Passed {
  readonly args: ToolArguments;
  readonly reserved: readonly string[];
}

const RULES = {
  schema: "tool.schema",
  permission: "tool.permission",
  binding: "tool.binding",
  caps: "tool.cap",
  confirmation: "tool.confirmation",
  result_fields: "tool.fields",
} as const satisfies Record<ToolLayerName, string>;

class ToolPolicyHooks implements ConversationHooks {
  private readonly confirmation: Confirmation;
  private readonly totals: SpentTotals;

  constructor(
    private readonly layers: ReadonlySet<ToolLayerName>,
    private readonly context: ConversationContext,
  ) {
    this.confirmation = new Confirmation(context.log);
    this.totals = new SpentTotals(context.log, context.conversationId);
  }

  readonly onUserMessage = (text: string) => {
    this.confirmation.hear(text);
    return { kind: "pass", text } as const;
  };

  readonly toolLayer: NonNullable<ConversationHooks["toolLayer"]> = async (invocation, next) => {
    const { tool, call } = invocation;
    const passed = this.check(invocation);
    if ("layer" in passed) {
      this.report(passed.layer, "block", passed.reason, invocation);
      return refusedCall(`${call.name} was not run: ${passed.reason}`);
    }
    const outcome = await next({
      ...invocation,
      tool: passed.reserved.length === 0 ? tool : this.watched(passed, invocation),
      call: { ...call, arguments: passed.args },
    });
    return tool.resultFields !== null && this.layers.has("result_fields")
      ? keepFields(outcome, tool.resultFields)
      : outcome;
  };

  /**
   * Gives back what was set aside only when the tool itself says that nothing happened: a layer inside may not know. Of a
   * call that was sent again, the second answer says nothing of the first.
   */
  private watched(passed: Passed, invocation: ToolInvocation): Tool {
    const { tool } = invocation;
    let sent = 0;
    const release = () => {
      if (sent === 1) this.release(passed, invocation);
    };
    return withCall(tool, async (args, context) => {
      sent += 1;
      try {
        const outcome = await tool.call(args, context);
        // The error of a server elsewhere says that something went wrong, not that nothing happened.
        if (outcome.isError && tool.source !== "mcp") release();
        return outcome;
      } catch (error) {
        if (isNotReached(error, context)) release();
        throw error;
      }
    });
  }

  /** All checks up to the call, in one piece: between them no other call of the conversation can come. */
  private check(invocation: ToolInvocation): Passed | Refusal {
    const { tool, call, context } = invocation;
    const { layers } = this;
    const plain = plainArguments(call.arguments);
    if (plain === null) return { layer: "schema", reason: "its arguments are not plain JSON values" };
    if (
      layers.has("permission") &&
      tool.permission !== null &&
      !context.identity.scopes.includes(tool.permission)
    ) {
      return {
        layer: "permission",
        reason: `it needs the permission ${tool.permission}, which this user does not have`,
      };
    }
    const bound = bindArguments(layers.has("binding") ? (tool.bindings ?? []) : [], plain, context.identity);
    if (bound.problem !== null) return { layer: "binding", reason: bound.problem };
    const { args } = bound;
    const wrong = layers.has("schema") ? schemaProblem(tool.spec.parameters, args) : null;
    if (wrong !== null) return { layer: "schema", reason: wrong };
    const capped = this.checkCaps(layers.has("caps") ? tool.caps : [], args);
    if ("layer" in capped) return capped;
    if (layers.has("confirmation") && (tool.needsConfirmation || capped.asks)) {
      const refusal = this.confirm(invocation, args);
      if (refusal !== null) return refusal;
    }
    return this.reserve(invocation, args, capped.amounts);
  }

  private checkCaps(
    caps: readonly ArgumentCap[],
    args: ToolArguments,
  ): Refusal | { readonly asks: boolean; readonly amounts: ReadonlyMap<ArgumentCap, readonly number[]> } {
    const amounts = new Map<ArgumentCap, readonly number[]>();
    for (const cap of caps) {
      const found = checkCap(cap, args);
      if (found.problem !== null) return { layer: "caps", reason: found.problem };
      amounts.set(cap, found.amounts);
    }
    const asks = [...amounts].some(([{ confirmAbove }, found]) =>
      found.some((amount) => confirmAbove !== undefined && amount > confirmAbove),
    );
    return { asks, amounts };
  }

  /** @throws {TurnStopped} to ask the user */
  private confirm(invocation: ToolInvocation, args: ToolArguments): Refusal | null {
    if (this.confirmation.takeGrant(invocation, args)) return null;
    const question = this.confirmation.ask(invocation, args);
    if (question === null)
      return { layer: "confirmation", reason: "its arguments are too long to be confirmed" };
    this.report("confirmation", "confirm", `the user is asked before ${invocation.call.name}`, invocation);
    throw question;
  }

  private reserve(
    invocation: ToolInvocation,
    args: ToolArguments,
    amounts: ReadonlyMap<ArgumentCap, readonly number[]>,
  ): Passed | Refusal {
    const reserved: string[] = [];
    for (const [{ path, maxTotal }, found] of amounts) {
      if (maxTotal === undefined) continue;
      const key = `${invocation.tool.spec.name} ${path}`;
      // After a crash the call may have been made before: whatever comes of it now gives nothing back.
      const isRepeated = this.totals.holds(key, invocation.step);
      if (!this.totals.reserve(key, invocation.step, found, maxTotal)) {
        this.release({ args, reserved }, invocation);
        return { layer: "caps", reason: `${path} would come to more than ${maxTotal} in this conversation` };
      }
      if (!isRepeated) reserved.push(key);
    }
    return { args, reserved };
  }

  private release({ reserved }: Passed, { step }: ToolInvocation): void {
    for (const key of reserved) this.totals.release(key, step);
  }

  private report(
    layer: ToolLayerName,
    action: "block" | "confirm",
    detail: string,
    { callId }: ToolInvocation,
  ): void {
    this.context.emit("guardrail_triggered", { rule: RULES[layer], action, detail, callId });
  }
}
