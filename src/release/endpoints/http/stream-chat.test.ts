import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { closeAfterTest } from "../testing/serve.js";
import { openEndpoint } from "./endpoint-client.js";
import { streamChat } from "./stream-chat.js";

it("reads the first of several calls, whose pieces come in turn", async () => {
  const pieces = [
    { index: 0, function: { name: "look_up", arguments: '{"city":' } },
    { index: 1, function: { name: "other", arguments: '{"city":"Bergen"}' } },
    { index: 0, function: { arguments: '"Oslo"}' } },
  ];
  const events = pieces.map((call) => JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] }));
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end([...events, "[DONE]"].map((data) => `data: ${data}\n\n`).join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = openEndpoint({ url, apiKey: null });
  closeAfterTest(async () => {
    await client.close();
    server.close();
  });
  const chat = await streamChat(client, {}, { clock: systemClock });
  expect(chat).toMatchObject({ toolName: "look_up", toolArguments: '{"city":"Oslo"}', isDone: true });
  expect(chat.pieceTimes).toHaveLength(3);
});
