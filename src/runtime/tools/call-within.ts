import type { ToolOutcome } from "../../environments/environment.js";
import {
  refusedCall,
  type Tool,
  type ToolArguments,
  type ToolCallContext,
  UnknownOutcomeError,
} from "./tool.js";

/**
 * Calls a tool within its timeout. A read that takes too long is an error that the model reads; of anything else nobody
 * knows then whether it took effect. The tool's signal is aborted either way, and what it answers later is dropped.
 *
 * @throws {UnknownOutcomeError} when a call with a side effect takes too long
 */
export function callWithin(
  tool: Tool,
  args: ToolArguments,
  context: ToolCallContext,
): ToolOutcome | Promise<ToolOutcome> {
  const { timeoutMs } = tool;
  if (timeoutMs === null) return tool.call(args, context);
  const controller = new AbortController();
  const signal = AbortSignal.any([context.signal, controller.signal]);
  const { promise: timedOut, resolve, reject } = deferred<ToolOutcome>();
  const timer = setTimeout(() => {
    const reason = `no answer within ${timeoutMs} ms`;
    if (tool.reversibility === "read") resolve(refusedCall(`${tool.spec.name}: ${reason}`));
    else reject(new UnknownOutcomeError(reason));
    controller.abort();
  }, timeoutMs);
  const answered = Promise.resolve().then(() => tool.call(args, { ...context, signal }));
  return Promise.race([timedOut, answered]).finally(() => clearTimeout(timer));
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
