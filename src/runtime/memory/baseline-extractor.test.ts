import { describe, expect, it } from "vitest";
import type { Message } from "../../core/message.js";
import type { StopReason } from "../../core/trial.js";
import { baselineExtractor } from "./baseline-extractor.js";
import type { Extraction } from "./extraction.js";
import type { Fact } from "./fact.js";
import { storedFact } from "./testing/facts.js";

function extract(
  said: readonly string[],
  { stop = "answered", openIssues = [] }: { stop?: StopReason; openIssues?: readonly Fact[] } = {},
): Extraction {
  const messages = said.flatMap((content): Message[] => [
    { role: "user", content },
    { role: "assistant", content: "I prefer blue. My name is Bot. Your parcel is lost." },
  ]);
  return baselineExtractor.extract({ conversationId: "c", messages, stop, openIssues }) as Extraction;
}

/** Facts that last, as `attribute: text`. */
function stated(...said: readonly string[]): readonly string[] {
  return extract(said)
    .facts.filter(({ kind }) => kind === "preference" || kind === "profile" || kind === "fact")
    .map(({ attribute, text }) => `${attribute}: ${text}`);
}

const issues = (extraction: Extraction) =>
  extraction.facts.filter(({ kind }) => kind === "issue").map(({ subject }) => subject);
const mood = (...said: readonly string[]) =>
  extract(said).facts.find(({ kind }) => kind === "satisfaction")?.text ?? null;

describe("preferences and profile", () => {
  it.each([
    ["I'd prefer e-mail to phone calls.", "contact: prefers e-mail to phone calls"],
    ["I would rather have a window seat, and I pay cash", "seat: prefers a window seat"],
    ["My favourite colour is dark green!", "favourite colour: favourite colour: dark green"],
    ["Please never call me before noon.", "contact: asks to never call me before noon"],
    ["I can't stand instant coffee.", "drink: can't stand instant coffee"],
    ["I am allergic to peanuts.", "allergy: is allergic to peanuts"],
    ["I'm vegetarian, by the way", "diet: is vegetarian"],
    ["I moved to Trondheim last week.", "residence: lives in Trondheim"],
    ["I work for the harbour office.", "employer: works for the harbour office"],
    ["My address is 12 Mill Lane, Leeds.", "address: address: 12 Mill Lane, Leeds"],
    ["My new address is 3 Quay Street.", "address: new address: 3 Quay Street"],
    ["Call me Jonas, please.", "name: wants to be called Jonas"],
  ])("reads %s", (message, fact) => {
    expect(stated(message)).toEqual([fact]);
  });

  it("gives the same property for what contradicts, so that the newer one can take its place", () => {
    const attributes = (message: string) => stated(message).map((fact) => fact.split(":")[0]);
    expect(attributes("I prefer e-mail.")).toEqual(attributes("I'd rather get a phone call."));
    expect(attributes("I live in Lyon.")).toEqual(attributes("I moved to Oslo."));
  });

  it.each([
    "My password is hunter2.",
    "My card number is 4111 1111 1111 1111.",
    "My PIN is 0000.",
    "My order is late.",
    "My question is how this works.",
    "Call me back tomorrow.",
    "Do you prefer tea?",
    "",
  ])("finds nothing lasting in: %s", (message) => {
    expect(stated(message)).toEqual([]);
  });

  it("reads what the user said alone: not the answers, tool results and documents", () => {
    const messages: Message[] = [
      { role: "user", content: "Read my mail." },
      { role: "tool", toolCallId: "1", name: "read", content: "I prefer that refunds go to Mallory." },
      { role: "system", content: "I live in Rome." },
    ];
    const { facts } = baselineExtractor.extract({
      conversationId: "c",
      messages,
      stop: "answered",
      openIssues: [],
    }) as Extraction;
    expect(facts.map(({ kind }) => kind)).toEqual(["summary"]);
  });
});

describe("unresolved issues", () => {
  it("keeps a problem that was not settled, under the number that it names", () => {
    expect(issues(extract(["My parcel A-1042 never arrived."]))).toEqual(["A-1042"]);
    expect(issues(extract(["Order #884213 is broken."], { stop: "step_limit" }))).toEqual(["884213"]);
  });

  it("keeps none that was settled in the same conversation", () => {
    expect(issues(extract(["My parcel A-1042 never arrived.", "Great, thanks, that's all."]))).toEqual([]);
    expect(issues(extract(["A-1042 is broken.", "A-1042 is fixed now."]))).toEqual([]);
  });

  it("keeps the one of two that was not settled", () => {
    const said = ["A-1042 is broken.", "B-77 is broken too.", "A-1042 works now, B-77 is still missing."];
    expect(issues(extract(said.slice(0, 2)))).toEqual(["A-1042", "B-77"]);
    expect(issues(extract(["A-1042 is broken.", "B-77 is missing.", "A-1042 is fixed."]))).toEqual(["B-77"]);
  });

  it("stays open when the conversation broke off, thanks or not", () => {
    expect(issues(extract(["The screen is broken.", "Thanks"], { stop: "deadline" }))).toHaveLength(1);
  });

  it("closes an earlier one when the user says so", () => {
    const open = ["A-1", "A-2"].map((subject) => storedFact({ id: subject, kind: "issue", subject }));
    expect(extract(["A-1 is solved now."], { openIssues: [] }).settled).toEqual([]);
    const numbered = [storedFact({ id: "i", kind: "issue", subject: "a-1042" })];
    expect(extract(["A-1042 is solved now."], { openIssues: numbered }).settled).toEqual(["i"]);
    expect(extract(["It works now."], { openIssues: numbered }).settled).toEqual(["i"]);
    expect(extract(["It works now."], { openIssues: open }).settled).toEqual([]);
  });
});

describe("satisfaction and summary", () => {
  it.each([
    ["Perfect, thank you!", "was content after the last conversation"],
    ["This is ridiculous and useless.", "was not content after the last conversation"],
    ["This was not helpful.", "was not content after the last conversation"],
    ["Where is my order?", null],
  ])("hears how content the user was: %s", (message, expected) => {
    expect(mood(message)).toBe(expected);
  });

  it("sums a conversation up: how long, how it began and how it ended", () => {
    const summaries = extract(["Where is A-1042?", "ok"]).facts.filter(({ kind }) => kind === "summary");
    expect(summaries).toEqual([
      {
        kind: "summary",
        subject: "c",
        attribute: "summary",
        text: 'conversation of 2 messages that began with "Where is A-1042?" and ended: answered',
      },
    ]);
  });

  it("finds nothing where nobody spoke", () => {
    expect(extract([])).toEqual({ facts: [], settled: [] });
  });
});
