import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { estimate, fixture, type ImportCli, importCli } from "./import-cli.js";
import { runCommand } from "./run-command.js";

let cli: ImportCli;
beforeAll(async () => {
  cli = await importCli();
});

describe("import csv and jsonl", () => {
  const KEYS = ["--map", "id=ticket", "--map", "input=question", "--map", "expect.answer=ideal"];
  const RUN = [...KEYS, "--map", "output=answer", "--map", "trial=epoch"];

  it("makes a run of a table with a BOM, CRLF, quotes and blank cells", async () => {
    const report = await cli.importRun(
      "csv",
      fixture("tickets.csv"),
      ...RUN,
      ...["--map", "score.success=passed==`true`", "--map", "duration_ms=latency"],
      ...["--map", "cost_usd=cost", "--map", "score.quality=quality", "--tag", "csv", "--name", "bot"],
    );
    expect(report.totals).toMatchObject({ completed: 4, passed: 3, failed: 1, errors: 0 });
    expect(report.run.agentName).toBe("bot");
    expect(estimate(report, "latency.p50_ms")).toMatchObject({ value: 900, n: 3 });
    expect(estimate(report, "table.quality")).toMatchObject({ n: 3, unscored: { blank: 1 } });
    expect(estimate(report, "table.quality")?.value).toBeCloseTo(0.7, 12);
    expect(estimate(report, "cost.total_usd")?.value).toBeNull();
    const trace = await runCommand(["trace", "csv", "007", "--trial", "1"], { cwd: cli.cwd });
    expect(trace.stdout).toContain("I do not know");
  });

  it("blacks out API keys, which stay leaks", async () => {
    const key = `sk-${"a1B2".repeat(8)}`;
    const rows = [
      { ticket: "t1", question: `My key is ${key}`, ideal: "Rotate it.", answer: `Use ${key}.`, epoch: 0 },
    ];
    const table = cli.file("keys.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
    const report = await cli.importRun("jsonl", table, ...RUN, "--tag", "keys");
    expect(report.run.notes).toContainEqual(
      expect.stringMatching(/^\d+ API keys were blacked out in the imported texts\.$/),
    );
    expect(JSON.stringify(report)).not.toContain(key);
    const { stdout } = await runCommand(["trace", "keys", "t1"], { cwd: cli.cwd });
    expect(stdout).toContain("[redacted API key]");
    expect(stdout).not.toContain(key);
  });

  it.each([["passed==`true`"], ["passed"], ["passed=='true' || passed=='True' || passed=='TRUE'"]])(
    "reads %s alike",
    async (expression) => {
      const report = await cli.importRun(
        "csv",
        fixture("tickets.csv"),
        ...RUN,
        "--map",
        `score.success=${expression}`,
      );
      expect(report.totals).toMatchObject({ passed: 3, failed: 1 });
    },
  );

  it("writes a golden set, ids as texts, trials once", async () => {
    const { cases, notes } = await cli.importCases(
      fixture("tickets.csv"),
      "csv",
      ...KEYS,
      "--map",
      "tags=team",
    );
    expect(cases.map(({ id }) => id)).toEqual(["007", "008", "009"]);
    expect(cases[1]).toEqual({
      id: "008",
      input: "Can I return it, please?",
      expect: { answer: "Within 30 days" },
      tags: ["returns"],
    });
    expect(notes).toEqual(["4 rows make 3 cases"]);
  });

  it("takes nested JSON by JMESPath and a mapping file", async () => {
    const table = cli.file(
      "nested.jsonl",
      '{"case":{"id":1},"turns":[{"text":"Hi"}],"reply":"","verdict":"good","docs":["a","b"]}\n\n{"case":{"id":2},"turns":[{"text":"Bye"}],"verdict":"bad","docs":null,"oops":"timeout"}\n',
    );
    const mapping = cli.file(
      "mapping.yaml",
      "id: case.id\ninput: turns[0].text\noutput: reply\nscore: {success: verdict=='good'}\nerror: oops\nretrieved: docs\nexpect: {sources: docs}\n",
    );
    const report = await cli.importRun("jsonl", table, "--mapping", mapping);
    expect(report.totals).toMatchObject({ completed: 1, passed: 1, failed: 0, errors: 1 });
    expect(estimate(report, "retrieval.hit_rate")?.value).toBe(1);
  });

  it("names every problem with its line, column and next step", async () => {
    const stderr = await cli.fails(
      "csv",
      fixture("tickets.csv"),
      ...KEYS,
      "--map",
      "output=answer",
      "--map",
      "cost_usd=answer",
    );
    expect(stderr).toContain(
      'tickets.csv:2 `answer` for cost_usd: expected a number, found string "Track it',
    );
    expect(stderr).toContain('tickets.csv:4 expected "007" once; also on line 2; map the column');
    expect(stderr).toContain("tickets.csv:8 ");
    expect(
      await cli.fails("csv", fixture("tickets.csv"), "--map", "id=tiket", "--map", "inptu=question"),
    ).toContain(
      "there is no column `tiket`; did you mean `ticket`?\n--map inptu: there is no key `inptu`; did you mean `input`?",
    );
    expect(await cli.fails("csv", cli.file("short.csv", "a,b\n1,2\n3\n4,5,6\n"), "--map", "id=a")).toContain(
      "short.csv:3 expected 2 cells as in the header, found 1",
    );
    expect(await cli.fails("csv", cli.file("open.csv", 'a,b\n1,"2\n'), "--map", "id=a")).toContain(
      "never closes",
    );
    expect(await cli.fails("csv", cli.file("semicolon.csv", "a;b\n1;2\n"), "--map", "id=a")).toContain(
      "--delimiter ';'",
    );
    expect(
      await cli.fails("jsonl", cli.file("none.jsonl", '{"a":1}\n'), "--map", "id=a", "--map", "output=x.y"),
    ).toContain("`x.y` for output gives nothing on any of 1 rows; they have `a`");
    expect(await cli.fails("jsonl", "none.jsonl", "--map", "id=a[", "--dataset", "x.jsonl")).toContain(
      "is no JMESPath",
    );
  });

  it("never replaces a file unless told to", async () => {
    cli.file("kept.jsonl", "mine\n");
    const stderr = await cli.fails("csv", fixture("tickets.csv"), ...KEYS, "--dataset", "kept.jsonl");
    expect(stderr).toContain("pass --force to replace it");
    expect(readFileSync(join(cli.cwd, "kept.jsonl"), "utf8")).toBe("mine\n");
  });
});
