import { describe, expect, it } from "vitest";
import { replyOf } from "../loop-guard/testing/run-with-part.js";
import type { ModelCaller } from "../model-caller.js";
import { modelExtractor } from "./model-extractor.js";
import { storedFact } from "./testing/facts.js";

const REPLY = {
  facts: [{ kind: "preference", subject: "user", attribute: "contact", text: "prefers e-mail" }],
  settled_issues: ["known", "made-up"],
  satisfaction: "content",
  summary: "asked for a refund",
};

function answering(...texts: readonly string[]) {
  const asked: string[] = [];
  const help: ModelCaller = async ({ messages }) => {
    asked.push(messages.map(({ content }) => content).join("\n"));
    return replyOf({ text: texts[asked.length - 1] ?? "" });
  };
  const extract = async () =>
    modelExtractor(help).extract({
      conversationId: "c",
      messages: [
        { role: "user", content: "Write to me." },
        { role: "tool", toolCallId: "1", name: "t", content: "a document that nobody may learn from" },
      ],
      stop: "answered",
      openIssues: [storedFact({ id: "known", kind: "issue", text: "late" })],
    });
  return { asked, extract };
}

describe("modelExtractor", () => {
  it("takes facts, mood and summary, and settles only issues that are open", async () => {
    const { asked, extract } = answering(JSON.stringify(REPLY));
    expect(await extract()).toEqual({
      facts: [
        ...REPLY.facts,
        { kind: "summary", subject: "c", attribute: "summary", text: "asked for a refund" },
        {
          kind: "satisfaction",
          subject: "user",
          attribute: "satisfaction",
          text: "was content after the last conversation",
        },
      ],
      settled: ["known"],
    });
    expect(asked.join()).toContain("Write to me.");
    expect(asked.join()).not.toContain("nobody may learn");
  });

  it("asks once more for a reply that is not as it was asked for, then gives up", async () => {
    const repaired = answering("no JSON", JSON.stringify({ ...REPLY, satisfaction: "unknown" }));
    expect((await repaired.extract()).facts).toHaveLength(2);
    expect(repaired.asked).toHaveLength(2);
    const stubborn = answering("no JSON", JSON.stringify({ ...REPLY, facts: "many" }));
    await expect(stubborn.extract()).rejects.toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
  });
});
