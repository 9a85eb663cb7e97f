import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DatasetError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import type { RecordedTurn } from "../core/recording.js";
import { CASSETTE_HEADER, parseCassette } from "./cassette.js";
import { openCassette, readCassette } from "./cassette-file.js";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentctl-cassette-"));
  file = join(folder, "deep", "run.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const REPLY: ModelReply = {
  text: "héllo\n\u2028",
  toolCalls: [{ id: "a", name: "look", arguments: { x: [1, null] }, malformedArguments: "{" }],
  finishReason: "tool_calls",
  usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 0 },
  costUsd: 0.5,
  model: "m",
};

function turn(index: number, fields: Partial<RecordedTurn> = {}): RecordedTurn {
  return {
    caseId: "c",
    trial: 0,
    speaker: "agent",
    turn: index,
    requestHash: null,
    reply: REPLY,
    durationMs: 3,
    ...fields,
  };
}

const textOf = (...lines: readonly unknown[]) =>
  [
    CASSETTE_HEADER,
    ...lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))),
    "",
  ].join("\n");

describe("parseCassette", () => {
  test("reads turns and crashes by case and trial, BOM, CRLF and blank lines included", () => {
    const text = textOf(turn(0), turn(0, { trial: 1 }), "", { caseId: "c", trial: 1, crash: "gone" });
    const { simulations, problems } = parseCassette(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "f");
    expect(problems).toEqual([]);
    expect(simulations).toEqual([
      { caseId: "c", trial: 0, turns: [turn(0)], reward: null, crash: null, toolResults: [] },
      { caseId: "c", trial: 1, turns: [turn(0, { trial: 1 })], reward: null, crash: "gone", toolResults: [] },
    ]);
  });

  test("a turn that is recorded again replaces what followed, and a crash before it", () => {
    const again = turn(0, { requestHash: "again" });
    const user = turn(0, { speaker: "user" });
    const { simulations } = parseCassette(
      textOf(turn(0), user, turn(1), turn(2), { caseId: "c", trial: 0, crash: "killed" }, again),
      "f",
    );
    expect(simulations).toMatchObject([{ turns: [user, again], crash: null }]);
  });

  test("reports every problem with its line", () => {
    const { problems } = parseCassette(
      textOf(
        "{broken",
        { ...turn(0), extra: 1 },
        { ...turn(0), trial: -1, speaker: "robot" },
        { caseId: "c", trial: 0, crash: 7 },
        [1],
      ),
      "f.jsonl",
    );
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 4, 5, 6]);
    expect(problems.map(({ message }) => message).join("\n")).toMatch(
      /JSON[\s\S]*extra[\s\S]*"trial"[\s\S]*"speaker"[\s\S]*"crash"/,
    );
    expect(problems.every((problem) => problem.file === "f.jsonl")).toBe(true);
  });

  test.each([
    ["an empty file", "", /empty file/],
    ["a file without a header", `${JSON.stringify(turn(0))}\n`, /header/],
    ["a later version", '{"agentctl_cassette":2}\n', /header/],
    [
      "a line cut by a kill",
      `${CASSETTE_HEADER}\n${JSON.stringify(turn(0)).slice(0, 40)}`,
      /cut in the middle/,
    ],
  ])("reports %s", (_name, text, message) => {
    const { problems } = parseCassette(text, "f");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
  });
});

describe("a cassette file", () => {
  test("gives back what many writers wrote at once, one line each", async () => {
    const sink = await openCassette(file, { append: false, secrets: [] });
    const turns = Array.from({ length: 300 }, (_, index) => turn(0, { caseId: `case-${index}` }));
    await Promise.all(turns.map((line) => sink.write(line)));
    await sink.close();
    const text = await readFile(file, "utf8");
    expect(text.split("\n")).toHaveLength(302);
    expect((await readCassette(file)).flatMap((simulation) => simulation.turns)).toEqual(turns);
  });

  test("never holds a secret that a reply repeats", async () => {
    const secret = 'k"ey-0123456789';
    const sink = await openCassette(file, { append: false, secrets: [secret, "short", ""] });
    await sink.write(turn(0, { reply: { ...REPLY, text: `the key is ${secret}, in short` } }));
    await sink.close();
    const [simulation] = await readCassette(file);
    expect(simulation?.turns[0]?.reply.text).toBe("the key is [redacted], in short");
    expect(await readFile(file, "utf8")).not.toContain("0123456789");
  });

  test("goes on after a kill in the middle of a line", async () => {
    await (await openCassette(file, { append: false, secrets: [] })).close();
    await writeFile(file, `${CASSETTE_HEADER}\n${JSON.stringify(turn(0))}\n{"caseId":"c","tri`);
    const sink = await openCassette(file, { append: true, secrets: [] });
    await sink.write(turn(1));
    await sink.close();
    expect(await readCassette(file)).toMatchObject([{ turns: [turn(0), turn(1)] }]);
  });

  test.each(["", CASSETTE_HEADER.slice(0, 9)])("goes on after a kill with %j written", async (start) => {
    await (await openCassette(file, { append: false, secrets: [] })).close();
    await writeFile(file, start);
    const sink = await openCassette(file, { append: true, secrets: [] });
    await sink.write(turn(0));
    await sink.close();
    expect(await readCassette(file)).toMatchObject([{ turns: [turn(0)] }]);
  });

  test("replaces an older recording but no file of another kind", async () => {
    const first = await openCassette(file, { append: false, secrets: [] });
    await first.write(turn(0));
    await first.close();
    await (await openCassette(file, { append: false, secrets: [] })).close();
    expect(await readCassette(file)).toEqual([]);

    const notes = join(folder, "notes.md");
    await writeFile(notes, "# Notes worth keeping\n");
    await expect(openCassette(notes, { append: false, secrets: [] })).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(openCassette(notes, { append: true, secrets: [] })).rejects.toMatchObject({ code: "USAGE" });
    expect(await readFile(notes, "utf8")).toBe("# Notes worth keeping\n");
  });

  test("is a DatasetError when missing and a StoreError when it cannot be written", async () => {
    const error = await readCassette(file).then(
      () => expect.unreachable(),
      (raised: unknown) => raised as DatasetError,
    );
    expect(error).toMatchObject({ code: "DATASET_INVALID" });
    expect(error.message).toContain("ENOENT");
    expect(error.nextStep).toContain("--record");
    await writeFile(join(folder, "deep"), "a file where the folder should be");
    await expect(openCassette(file, { append: false, secrets: [] })).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
  });
});
