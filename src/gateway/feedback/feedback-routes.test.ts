import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { LiveEvent } from "../../core/live-event.js";
import { ManualClock } from "../testing/manual-clock.js";
import { ConversationMemory } from "./conversation-memory.js";
import { feedbackRoutes } from "./feedback-routes.js";

let server: Server;
let events: LiveEvent[];

beforeEach(async () => {
  events = [];
  const sink = {
    emit: (event: LiveEvent) => void events.push(event),
    flush: () => Promise.resolve(),
    lost: () => 0,
    close: () => Promise.resolve(),
  };
  const routes = feedbackRoutes({ sink, memory: new ConversationMemory(), clock: new ManualClock() });
  server = createServer((request, response) => {
    const isReporter = request.headers["x-test-reporter"] === "yes";
    const client = { keyName: "k", tenantId: "acme", isTester: false, isReporter };
    void routes.find(({ path }) => path === request.url)?.handle(request, response, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => void server.close());

function tell(reporter: "yes" | "no"): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/v1/safety`, {
    method: "POST",
    headers: { "x-test-reporter": reporter },
    body: JSON.stringify({
      id: "scan-9",
      conversation_id: "c-1",
      rule: "pii",
      severity: "critical",
      verified: true,
    }),
  });
}

it("a violation is verified by the word of a reporter alone, whom nobody can forestall by the same id", async () => {
  expect((await tell("no")).status).toBe(202);
  expect((await tell("yes")).status).toBe(202);
  expect((await tell("yes")).status).toBe(202);
  const [client, reporter, again] = events;
  expect(client?.payload).toMatchObject({ severity: "critical", verified: false });
  expect(reporter?.payload).toMatchObject({ severity: "critical", verified: true });
  expect(reporter?.event_id).not.toBe(client?.event_id);
  expect(again?.event_id).toBe(reporter?.event_id);
});
