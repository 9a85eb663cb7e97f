import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CapturedExchange } from "../src/core/captured-exchange.js";
import { systemClock } from "../src/core/clock.js";
import type { LiveEvent } from "../src/core/live-event.js";
import { loadJudgeFile } from "../src/eval/judge/load-judge-file.js";
import { loadProject } from "../src/eval/project/load-project.js";
import { versionOfJudge } from "../src/judge/run/version-of-judge.js";
import { type LiveScoring, scoreLive } from "../src/release/live-scores/score-live.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { sampleCalibration } from "../src/store/testing/judgement-samples.js";
import { askedIn, BINARY, projectToJudge, verdict } from "./judge-run-project.js";
import { sampleExchange } from "./sample-exchange.js";

const { folder, judgeThatSays } = projectToJudge();

function exchange(id: string, answer: string): CapturedExchange {
  return sampleExchange(id, {
    messages: [{ role: "user", text: `Question of ${id}?`, toolCalls: [] }],
    answer: { role: "agent", text: answer, toolCalls: [] },
  });
}

/** What the gateway kept, and a judge that people agreed with. */
function keep(...exchanges: readonly CapturedExchange[]): void {
  mkdirSync(join(folder(), "captures"), { recursive: true });
  writeFileSync(
    join(folder(), "captures", "a.jsonl"),
    exchanges.map((one) => JSON.stringify(one)).join("\n"),
  );
  const { config } = loadJudgeFile("helpful", loadProject(undefined, folder()), folder());
  const store = openJudgementStore(judgementFile(join(folder(), ".agentctl")));
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const calibrated = { judge: "helpful", metric: "judge.helpful", judgeVersion: versionOfJudge(config) };
  store.addCalibration(sampleCalibration("h1", { ...calibrated, rubric: "helpful", expiresAt }), "{}");
  store.close();
}

function score(written: LiveEvent[] = []): Promise<LiveScoring> {
  return scoreLive(
    { captures: "captures", id: "rel-1", judge: ["helpful"], critical: [] },
    {
      workingDirectory: folder(),
      env: { OPENAI_API_KEY: "none-needed" },
      clock: systemClock,
      signal: new AbortController().signal,
      onProgress: () => {},
      write: async (events) => {
        written.push(...events);
        return events.length;
      },
    },
  );
}

describe("live conversations before a calibrated judge", () => {
  it("become scores of their conversations, once asked for", async () => {
    const server = await judgeThatSays(
      (messages) => verdict(askedIn(messages).includes("tomorrow") ? "yes" : "no"),
      BINARY,
    );
    keep(exchange("c-1", "It comes tomorrow."), exchange("c-2", "I do not know."));
    const { events, judges, conversations } = await score();
    expect(conversations).toBe(2);
    expect(judges).toMatchObject([{ name: "helpful", judged: 2, failed: 0 }]);
    const scores = events.flatMap((event) =>
      event.event_type === "conversation_scored" && event.payload.metric === "judge.helpful"
        ? [[event.conversation_id, event.payload.value, event.payload.by]]
        : [],
    );
    expect(scores.sort()).toEqual([
      ["c-1", 1, "helpful"],
      ["c-2", 0, "helpful"],
    ]);
    expect((await score()).events.map(({ event_id }) => event_id).sort()).toEqual(
      events.map(({ event_id }) => event_id).sort(),
    );
    expect(server.requests()).toBe(2);
  });

  it("which answers some of them are told, and the others have no score", async () => {
    await judgeThatSays(
      (messages) => (askedIn(messages).includes("tomorrow") ? verdict("yes") : 400),
      BINARY,
    );
    keep(exchange("c-1", "It comes tomorrow."), exchange("c-2", "I do not know."));
    const { events, judges } = await score();
    expect(judges).toMatchObject([{ name: "helpful", judged: 1, failed: 1 }]);
    const judged = events.filter((event) => JSON.stringify(event).includes("judge.helpful"));
    expect(judged.map(({ conversation_id }) => conversation_id)).toEqual(["c-1"]);
  });

  it("which does not answer keep what the metrics found: a leak is told all the same", async () => {
    await judgeThatSays(() => 500, BINARY);
    keep({ ...exchange("c-1", "It is [redacted card number]."), answerHeld: ["card number"] });
    const written: LiveEvent[] = [];
    await expect(score(written)).rejects.toThrow(/HTTP 500/);
    expect(written.map(({ event_type }) => event_type)).toContain("safety_violation");
  });
});
