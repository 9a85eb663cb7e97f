// A model of the AI SDK that answers by rules, so that the example needs no key.
import { MockLanguageModelV3 } from "ai/test";

const count = (total) => ({ total, noCache: total, cacheRead: 0, cacheWrite: 0 });
const usage = { inputTokens: count(120), outputTokens: { total: 20, text: 20, reasoning: 0 } };

function say(text) {
  return {
    content: [{ type: "text", text }],
    finishReason: { unified: "stop", raw: "stop" },
    usage,
    warnings: [],
  };
}

function call(toolName, args) {
  const input = JSON.stringify(args);
  return {
    content: [{ type: "tool-call", toolCallId: `call-${toolName}`, toolName, input }],
    finishReason: { unified: "tool-calls", raw: "tool_calls" },
    usage,
    warnings: [],
  };
}

function wordsOf({ content }) {
  return content.map((part) => part.text ?? part.output?.value ?? "").join("");
}

/** @param isCareless - says that it has cancelled, and cancels nothing */
const modelOf = (isCareless) =>
  new MockLanguageModelV3({
    modelId: "rules-1",
    doGenerate: ({ prompt }) => {
      const last = prompt.at(-1);
      if (last.role === "tool") {
        const { order_id: order, status } = JSON.parse(wordsOf(last));
        return Promise.resolve(say(`Order ${order} is ${status}.`));
      }
      const text = wordsOf(last);
      const asked = prompt.findLast(({ role }) => role === "assistant");
      const waiting = asked === undefined ? null : /Shall I cancel order (A-\d{4})/.exec(wordsOf(asked));
      if (waiting !== null && /^yes/i.test(text)) {
        return Promise.resolve(
          call("cancel_order", { order_id: waiting[1], reason: "changed_mind", confirmed: true }),
        );
      }
      const order = /A-\d{4}/.exec(text)?.[0];
      if (order === undefined) return Promise.resolve(say("Which order is it? Its number begins with A-."));
      if (isCareless && /cancel/i.test(text)) return Promise.resolve(say(`Order ${order} is cancelled.`));
      if (/cancel/i.test(text)) return Promise.resolve(say(`Shall I cancel order ${order}?`));
      return Promise.resolve(call("lookup_order", { order_id: order }));
    },
  });

export const model = modelOf(false);
export const carelessModel = modelOf(true);
