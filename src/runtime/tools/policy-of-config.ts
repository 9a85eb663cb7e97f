import type { ToolPolicyConfig } from "../../config/agent/tools-schema.js";
import type { ArgumentBinding, ArgumentCap } from "./tool.js";
import type { ToolPolicy } from "./tool-policy.js";

/** The policy that an agent file states, in the runtime's words. */
export function policyOf(config: ToolPolicyConfig): ToolPolicy {
  const { permission, reversibility, caps, bind, confirm, compensation, idempotency } = config;
  return {
    ...(permission === undefined ? {} : { permission }),
    ...(reversibility === undefined ? {} : { reversibility }),
    ...(caps === undefined ? {} : { caps: capsOf(caps) }),
    ...(bind === undefined ? {} : { bindings: bindingsOf(bind) }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(config.timeout_ms === undefined ? {} : { timeoutMs: config.timeout_ms }),
    ...(config.result_fields === undefined ? {} : { resultFields: config.result_fields }),
    ...(compensation === undefined ? {} : { compensation }),
    ...(idempotency === undefined ? {} : { isIdempotent: idempotency === "key" }),
  };
}

function capsOf(caps: NonNullable<ToolPolicyConfig["caps"]>): readonly ArgumentCap[] {
  return Object.entries(caps).map(([path, { max, min, max_total, confirm_above, optional }]) => ({
    path,
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...(max_total === undefined ? {} : { maxTotal: max_total }),
    ...(confirm_above === undefined ? {} : { confirmAbove: confirm_above }),
    ...(optional === undefined ? {} : { optional }),
  }));
}

function bindingsOf(bind: NonNullable<ToolPolicyConfig["bind"]>): readonly ArgumentBinding[] {
  return Object.entries(bind).map(([path, binding]) =>
    typeof binding === "string" ? { path, to: binding, mode: "refuse" } : { path, ...binding },
  );
}
