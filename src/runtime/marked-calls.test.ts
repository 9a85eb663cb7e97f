import { expect, it } from "vitest";
import { memoryLog } from "./conversation-log.js";
import { callState, markCall } from "./marked-calls.js";

it.each(["call_1", "constructor", "__proto__"])("tells the state of a call with the id %s", (id) => {
  const log = memoryLog([{ role: "user", content: "Refund it." }]);
  expect(callState(log, id)).toBe("open");
  log.append({ role: "tool", toolCallId: id, name: "refund", content: "ok" });
  expect(callState(log, id)).toBe("done");
  markCall(log, id, "failed");
  expect(callState(log, id)).toBe("failed");
});
