import { createServer } from "node:http";
import { bucketOf } from "../../src/core/traffic-split.js";
import { answerCalls } from "./child-calls.js";

/** A model server that says who it is, and fails a share of the conversations. */
let name = "";
let failingBps = 0;
let served = 0;

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.setHeader("x-served-by", name);
    const isModels = request.url === "/v1/models";
    if (!isModels) served += 1;
    const id = String(request.headers["x-conversation-id"] ?? "");
    const isFailing = !isModels && bucketOf("failing", id) < failingBps;
    const body = isModels
      ? '{"object":"list","data":[]}'
      : '{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[]}';
    response.writeHead(isFailing ? 500 : 200, { "content-type": "application/json" });
    response.end(isFailing ? '{"error":{"message":"planted"}}' : body);
  });
});

answerCalls({
  open: async (place: { readonly name: string; readonly port: number }) => {
    name = place.name;
    await new Promise<void>((resolve) => server.listen(place.port, "127.0.0.1", resolve));
  },
  behave: (share: { readonly failingBps: number }) => {
    failingBps = share.failingBps;
  },
  served: () => served,
});
