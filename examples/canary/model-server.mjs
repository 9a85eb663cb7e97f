// A model server to try releases with: `node model-server.mjs PORT MODEL [MILLISECONDS]`. It speaks OpenAI's chat API, and
// answers after about that time. `curl -X PUT 'http://127.0.0.1:PORT/fault?latency=150'` makes it that much slower.
import { createServer } from "node:http";

const [port = "8001", model = "v1", milliseconds = "20"] = process.argv.slice(2);
let latency = Number(milliseconds);

function json(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function complete(response) {
  json(response, 200, {
    id: `chatcmpl-${Math.random().toString(36).slice(2)}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, message: { role: "assistant", content: `Answer of ${model}.` }, finish_reason: "stop" }],
    usage: { prompt_tokens: 40, completion_tokens: 10, total_tokens: 50 },
  });
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  request.resume();
  request.on("end", () => {
    if (pathname === "/v1/models") json(response, 200, { object: "list", data: [{ id: model, object: "model" }] });
    else if (pathname === "/fault") {
      latency = Number(milliseconds) + Number(searchParams.get("latency") ?? 0);
      json(response, 200, { latency });
    } else if (pathname === "/v1/chat/completions") setTimeout(complete, latency * (0.75 + Math.random() / 2), response);
    else json(response, 404, { error: { message: `nothing at ${pathname}` } });
  });
});
// Longer than any proxy keeps a connection: a server that hangs up first loses the request that is just coming.
server.keepAliveTimeout = 75_000;
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`${model} on http://127.0.0.1:${server.address().port}`);
});
