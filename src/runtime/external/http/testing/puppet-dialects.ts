import type { ServerResponse } from "node:http";
import type { PuppetDialect } from "./puppet-server.js";

type Extra = Readonly<Record<string, unknown>>;

const BEYOND_THE_LIMIT = "a".repeat(50_000_000);

function send(
  response: ServerResponse,
  body: string | Buffer,
  type = "application/json",
  status = 200,
): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

const garbage: PuppetDialect["garbage"] = {
  "not-json": (response) => send(response, "<html>oops</html>"),
  "wrong-shape": (response) => send(response, '{"answer":{"text":7},"choices":"none"}'),
  "a-list": (response) => send(response, "[]"),
  empty: (response) => send(response, ""),
  "invalid-utf8": (response) => send(response, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
  huge: (response) => send(response, BEYOND_THE_LIMIT),
  "server-error": (response) => send(response, "quoting what the user said", "text/plain", 500),
  elsewhere: (response) => {
    response.writeHead(307, { location: "http://127.0.0.2:1/steal" }).end();
  },
};

interface MappedBody {
  readonly message: string;
  readonly session: string;
}

/** A request and a response of one's own. */
export const mappedPuppet: PuppetDialect = {
  read: (body) => {
    const { message, session } = body as MappedBody;
    return { said: message, session, heard: null };
  },
  answer: (response, text, extra) => send(response, JSON.stringify({ answer: { text }, ...extra })),
  begin: (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
    response.write('{"answer":{"text":"half an ans');
  },
  garbage: {
    ...garbage,
    "wrong-report": (response) => send(response, '{"answer":{"text":"x"},"calls":[{"arguments":3}]}'),
  },
};

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/** The same, streamed. */
export const streamedPuppet: PuppetDialect = {
  read: mappedPuppet.read,
  answer: (response, text, extra: Extra) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const middle = Math.ceil(text.length / 2);
    for (const piece of [text.slice(0, middle), text.slice(middle)]) response.write(event({ piece }));
    response.write(event(extra));
    response.end("data: [DONE]\n\n");
  },
  begin: (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ piece: "half an ans" }));
  },
  garbage: {
    ...garbage,
    truncated: (response) => send(response, event({ piece: "half" }), "text/event-stream"),
    "cut-event": (response) => send(response, `${event({ piece: "half" })}data: [DONE]`, "text/event-stream"),
  },
};

interface ChatBody {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

const chat = {
  read: (body: unknown) => {
    const said = (body as ChatBody).messages.filter(({ role }) => role === "user");
    return { said: said.at(-1)?.content ?? "", session: "", heard: said.length };
  },
};

/** Chat completions. */
export const openaiPuppet: PuppetDialect = {
  ...chat,
  answer: (response, text, { error }) => {
    const message = { role: "assistant", content: text };
    const whole = { model: "puppet-1", choices: [{ index: 0, message, finish_reason: "stop" }] };
    if (error === undefined) send(response, JSON.stringify(whole));
    else send(response, JSON.stringify({ error: { message: error } }), "application/json", 400);
  },
  begin: mappedPuppet.begin,
  garbage,
};

/** Chat completions, streamed. */
export const openaiStreamPuppet: PuppetDialect = {
  ...chat,
  answer: (response, text, { error }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (error !== undefined) {
      response.end(event({ error: { message: error } }));
      return;
    }
    const middle = Math.ceil(text.length / 2);
    for (const content of [text.slice(0, middle), text.slice(middle)]) {
      response.write(event({ model: "puppet-1", choices: [{ index: 0, delta: { content } }] }));
    }
    response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
    response.end("data: [DONE]\n\n");
  },
  begin: (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ index: 0, delta: { content: "half an ans" } }] }));
  },
  garbage: {
    ...garbage,
    truncated: (response) =>
      send(response, event({ choices: [{ index: 0, delta: { content: "half" } }] }), "text/event-stream"),
  },
};
