// Stands for any OpenAI-compatible endpoint: POST /v1/chat/completions, whole or streamed, with tools.
//
//   node server.mjs [port]
//
// The model "rules-1" asks for a tool and says what came of it; "careless-1" makes its answer up.
import { createServer } from "node:http";

function reply({ model, messages }) {
  const last = messages.at(-1);
  if (last.role === "tool") {
    const { status, order_id: order } = JSON.parse(last.content);
    return { content: status ? `Order ${order} is ${status}.` : "I cannot find that order." };
  }
  const order = /A-\d{4}/.exec(last.content)?.[0];
  if (order === undefined) return { content: "Which order is it? Its number begins with A-." };
  if (model === "careless-1") return { content: `Order ${order} is delivered.` };
  const call = { name: "lookup_order", arguments: JSON.stringify({ order_id: order }) };
  return { content: null, tool_calls: [{ index: 0, id: `call-${messages.length}`, type: "function", function: call }] };
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  const asked = JSON.parse(body);
  const message = reply(asked);
  const finish_reason = message.tool_calls ? "tool_calls" : "stop";
  const usage = { prompt_tokens: Math.ceil(body.length / 4), completion_tokens: 12 };
  if (!asked.stream) {
    response.setHeader("content-type", "application/json");
    const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason };
    response.end(JSON.stringify({ model: asked.model, choices: [choice], usage }));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  const send = (event) => response.write(`data: ${JSON.stringify({ model: asked.model, ...event })}\n\n`);
  for (const word of message.content?.split(/(?<= )/) ?? []) {
    send({ choices: [{ index: 0, delta: { content: word } }] });
  }
  if (message.tool_calls) send({ choices: [{ index: 0, delta: { tool_calls: message.tool_calls } }] });
  send({ choices: [{ index: 0, delta: {}, finish_reason }], usage });
  response.end("data: [DONE]\n\n");
});

server.listen(Number(process.argv[2] ?? 8802), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/v1/chat/completions`);
});
