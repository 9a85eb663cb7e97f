import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { LiveEvent } from "../../core/live-event.js";
import { ManualClock } from "../testing/manual-clock.js";
import { served } from "../testing/served.js";
import { ConversationMemory } from "./conversation-memory.js";
import { feedbackRoutes } from "./feedback-routes.js";

let server: Server;
let memory: ConversationMemory;
let events: LiveEvent[];

beforeEach(async () => {
  events = [];
  memory = new ConversationMemory();
  const sink = {
    emit: (event: LiveEvent) => void events.push(event),
    flush: () => Promise.resolve(),
    lost: () => 0,
    close: () => Promise.resolve(),
  };
  const routes = feedbackRoutes({ sink, memory, clock: new ManualClock() });
  server = createServer((request, response) => {
    const isReporter = request.headers["x-test-reporter"] === "yes";
    const tenantId = String(request.headers["x-test-tenant"] ?? "acme");
    const client = { keyName: "k", tenantId, isTester: false, isReporter };
    void routes.find(({ path }) => path === request.url)?.handle(request, response, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => void server.close());

function post(path: string, body: object, headers: Record<string, string>): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

function tell(reporter: "yes" | "no"): Promise<Response> {
  const violation = { rule: "pii", severity: "critical", verified: true };
  return post(
    "/v1/safety",
    { id: "scan-9", conversation_id: "c-1", ...violation },
    { "x-test-reporter": reporter },
  );
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

it("what a tenant tells is of its own conversation, whoever else has one of that id, seen or forgotten", async () => {
  const traces = { acme: "a".repeat(32), globex: "b".repeat(32) };
  for (const tenant_id of ["acme", "globex"] as const)
    memory.see({ ...served({}, traces[tenant_id]), tenant_id });
  const feedback = { conversation_id: "c1", kind: "thumb", value: true };
  for (const tenant of ["acme", "globex", "initech"]) {
    expect((await post("/v1/feedback", feedback, { "x-test-tenant": tenant })).status).toBe(202);
  }
  expect(events.map(({ tenant_id, trace_id }) => [tenant_id, trace_id])).toEqual([
    ["acme", traces.acme],
    ["globex", traces.globex],
    ["initech", ""],
  ]);
});
