import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const root = join(import.meta.dirname, "..");
const STARTER = join(root, "datasets", "starter.jsonl");

const LINES = [
  '{"id":"key-1","input":"How do I reset an expired API key?","expect":{"must_include":["portal"]},"group":"key","risk":"high","review":{"status":"approved"}}',
  '{ "id": "key-2", "input": "How do I reset an expired API key, please?", "expect": {"must_include": ["portal"]}, "group": "key2" }',
  "",
  '{"question":"Where is my order?","expected_source":"orders","split":"test"}',
  '{"id":"cancel","split":null,"input":{"user":{"goal":"Cancel order W1","script":["Cancel W1."]}},"expect":{"state":{"actions":[]}}}',
];
const TEXT = `\uFEFF${LINES.join("\r\n")}\r\n`;

let cwd: string;
let file: string;

beforeEach(() => {
  cwd = temporaryFolder();
  file = join(cwd, "golden.jsonl");
  writeFileSync(file, TEXT);
});

async function dataset(...args: readonly string[]) {
  return runCommand(["dataset", ...args], { cwd });
}

it("one case is a case, not cases; a sample does not offer to rewrite its source in place", async () => {
  writeFileSync(file, '{"id":"a","input":"Hello"}\n');
  for (const command of ["check", "stats", "power"]) {
    const { stdout } = await dataset(command, "golden.jsonl");
    expect(stdout).toContain("1 case");
    expect(stdout).not.toMatch(/\b1 (cases|groups|independent groups)\b|; 1 are there/);
  }
  const { stderr } = await dataset("sample", "golden.jsonl", "-n", "1", "-o", "golden.jsonl");
  expect(stderr).toContain("next: name another file");
});

/** The document that a command prints, checked by its published schema. */
async function document(kind: string, args: readonly string[], exitCode = 0) {
  const result = await dataset(...args, "--json", "--quiet");
  expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode, stderr: "" });
  const parsed = JSON.parse(result.stdout) as { readonly schema: string; readonly [key: string]: unknown };
  expect(parsed.schema).toBe(`agentctl/dataset-${kind}`);
  const schema = readFileSync(join(root, "schemas", "output", `dataset-${kind}.schema.json`), "utf8");
  const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(schema));
  expect(validate(parsed) ? [] : validate.errors).toEqual([]);
  expect(result.stdout).not.toMatch(/NaN|Infinity/);
  return parsed;
}

describe("dataset check", () => {
  it("lets the starter set pass, and with --strict fails on its thin slices", async () => {
    expect(await document("check", ["check", STARTER])).toMatchObject({ isClean: true, problems: 0 });
    expect(await document("check", ["check", STARTER, "--strict"], 1)).toMatchObject({ isClean: false });
  });

  it("warns of near-duplicates, and says how it looked", async () => {
    const { stdout, exitCode } = await dataset("check", "golden.jsonl");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("key-2 (line 2) is nearly the same as key-1 (line 1), 0.88");
    expect(stdout).toContain("MinHash seed 1");
    const wider = await document("check", ["check", "golden.jsonl", "--threshold", "0.9"]);
    expect(JSON.stringify(wider.findings)).not.toContain("near-duplicate");
  });

  it("exits 1 on a holdout that repeats the other file, and never shows its text", async () => {
    writeFileSync(
      join(cwd, "holdout.jsonl"),
      '{"id":"secret","input":"How do I reset an expired API key now?","split":"holdout"}',
    );
    const { stdout, exitCode } = await dataset("check", "golden.jsonl", "holdout.jsonl");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("secret (holdout.jsonl:1) of holdout is nearly the same as one of dev, key-1");
    expect(stdout).not.toContain("reset an expired");
    await document("check", ["check", "golden.jsonl", "holdout.jsonl"], 1);
  });

  it("names every wrong line of every file as eval does, exit 2", async () => {
    writeFileSync(join(cwd, "bad.jsonl"), '{"id":"a","inptu":"x"}\n{"id":"b","input":"x","environment":1}\n');
    writeFileSync(join(cwd, "world.jsonl"), '{"id":"a","input":"x","environment":"ordres"}\n');
    writeFileSync(join(cwd, "empty.jsonl"), "");
    const result = await dataset(
      "check",
      "bad.jsonl",
      "world.jsonl",
      "empty.jsonl",
      "golden.jsonl",
      "--json",
    );
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "error",
      "bad.jsonl:1",
      "bad.jsonl:2",
      "world.jsonl:1",
      "empty.jsonl",
    ]);
  });
});

describe("dataset stats", () => {
  it("counts what is there", async () => {
    expect(await document("stats", ["stats", STARTER])).toMatchObject({
      cases: 72,
      groups: { count: 60, size: { least: 1, most: 3 } },
      inputKinds: [
        { value: "text", cases: 65 },
        { value: "user", cases: 7 },
      ],
      nothingExpected: 0,
    });
    const { stdout } = await dataset("stats", STARTER);
    expect(stdout).toContain("60 independent");
  });
});

describe("dataset split", () => {
  const splitAll = ["split", "golden.jsonl", "--holdout", "99.9999%"];

  it("changes the key and no other byte", async () => {
    await document("split", [...splitAll, "-o", "new.jsonl"]);
    expect(readFileSync(join(cwd, "new.jsonl"), "utf8")).toBe(
      TEXT.replace('"approved"}}', '"approved"},"split":"holdout"}')
        .replace('"key2" }', '"key2", "split": "holdout" }')
        .replace('"split":"test"', '"split":"holdout"')
        .replace('"split":null', '"split":"holdout"'),
    );
    expect(readFileSync(file, "utf8")).toBe(TEXT);
  });

  it("prints seed, shares and moves", async () => {
    const { stdout } = await dataset(...splitAll, "--seed", "7", "-o", "new.jsonl");
    expect(stdout).toContain("seed 7");
    expect(stdout).toMatch(/the set +0 +0 +4 +100 %/);
    expect(stdout).toContain("3 cases moved from dev to holdout");
  });

  it("rewrites in place through a link, keeps the mode, leaves nothing beside", async () => {
    chmodSync(file, 0o640);
    symlinkSync("golden.jsonl", join(cwd, "link.jsonl"));
    const before = statSync(file).ino;
    expect(await dataset("split", "link.jsonl", "--holdout", "99%", "--in-place")).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(file, "utf8")).toContain('"split":"holdout"');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(cwd).sort()).toEqual(["golden.jsonl", "link.jsonl"]);
  });

  it.each<[string, readonly string[], string, number]>([
    ["no destination", [], "expected --output <file> or --in-place", 2],
    ["two destinations", ["-o", "x.jsonl", "--in-place"], "expected one of", 2],
    ["a file that exists", ["-o", "other.jsonl"], "pass --force", 2],
    ["the file that is read", ["-o", "./golden.jsonl", "--force"], "is the dataset that is read", 2],
    ["a folder", ["-o", "."], "found a folder", 2],
    ["a folder that is not there", ["-o", "none/x.jsonl"], "mkdir -p none", 2],
    ["a full disk", ["-o", "/dev/full"], "ENOSPC", 3],
    ["too large shares", ["--test", "50%", "-o", "x.jsonl"], "at most 100 %", 2],
  ])("refuses %s", async (_, flags, message, exitCode) => {
    writeFileSync(join(cwd, "other.jsonl"), "precious");
    const result = await dataset(...splitAll, ...flags);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(readFileSync(join(cwd, "other.jsonl"), "utf8")).toBe("precious");
    expect(readFileSync(file, "utf8")).toBe(TEXT);
    expect(existsSync(join(cwd, "x.jsonl"))).toBe(false);
  });

  it.each(["20", "0", "100%", "-5%", "a fifth", ""])("refuses --holdout %j", async (share) => {
    const result = await dataset("split", "golden.jsonl", "--in-place", `--holdout=${share}`);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("expected a share");
  });
});

describe("dataset dedupe", () => {
  it("drops the later near-duplicate, says so, keeps all other bytes", async () => {
    expect(await document("dedupe", ["dedupe", "golden.jsonl", "-o", "new.jsonl"])).toMatchObject({
      kept: 3,
      dropped: [{ id: "key-2", keptId: "key-1", isSameExpectation: true }],
    });
    expect(readFileSync(join(cwd, "new.jsonl"), "utf8")).toBe(TEXT.replace(`${LINES[1]}\r\n`, ""));
    const { stdout } = await dataset("dedupe", "golden.jsonl", "-o", "new.jsonl", "--force");
    expect(stdout).toContain("- key-2 (line 2)  like key-1 (line 1)  0.88");
  });
});

describe("dataset diff", () => {
  it("tells a version from the next, and no text of the holdout", async () => {
    writeFileSync(
      join(cwd, "next.jsonl"),
      TEXT.replace('"group":"key"', '"group":"k"').replace("my order", "it"),
    );
    const { stdout, exitCode } = await dataset("diff", "golden.jsonl", "next.jsonl");
    expect(exitCode).toBe(0);
    expect(stdout).toContain('group: "key" → "k"');
    expect(stdout).toContain("1 added, 1 removed, 1 changed, 2 unchanged");
    writeFileSync(join(cwd, "next.jsonl"), TEXT.replace('"split":null,"input"', '"split":"holdout","input"'));
    await document("diff", ["diff", "golden.jsonl", "next.jsonl"]);
    expect((await dataset("diff", "golden.jsonl", "next.jsonl")).stdout).not.toContain("W1");
    expect((await dataset("diff", "golden.jsonl", "golden.jsonl")).stdout).toContain("the same content");
  });
});

describe("dataset sample", () => {
  it("prints lines as they stand, and what it did on stderr", async () => {
    const { stdout, stderr, exitCode } = await dataset("sample", "golden.jsonl", "-n", "9");
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")).toEqual(LINES.filter((line) => line !== ""));
    expect(stderr).toBe("drew 4 of 4 cases, seed 1\nasked for 9: there are no more");
  });

  it("leaves holdout cases out unless they are asked for", async () => {
    const from = ["sample", STARTER, "-n", "72"];
    expect(await document("sample", from)).toMatchObject({ available: 63, holdoutLeftOut: 9 });
    const all = await document("sample", [...from, "--include-holdout", "--by", "risk", "-o", "all.jsonl"]);
    expect(all).toMatchObject({ available: 72, holdoutLeftOut: 0, output: "all.jsonl" });
    expect(readFileSync(join(cwd, "all.jsonl"), "utf8")).toBe(readFileSync(STARTER, "utf8"));
  });
});

describe("dataset power", () => {
  it("says what the starter set can carry and what is missing", async () => {
    const { stdout } = await dataset("power", STARTER);
    expect(stdout).toContain("a 2 % margin needs 133 cases; 60 are there, 73 missing");
    expect(stdout).toContain("a 5 % margin needs 52 cases; 60 are there\n");
    expect(stdout).toContain("p99 latency needs 368 cases; 60 are there, 308 missing");
  });

  it("gives the same as a document, for a split and any margins", async () => {
    const power = await document("power", ["power", STARTER, "--split", "holdout", "--margin", "3%,0.2"]);
    expect(power).toMatchObject({
      split: "holdout",
      cases: 9,
      groups: 7,
      assumptions: { margins: [0.03, 0.2] },
    });
    expect((await dataset("power", "golden.jsonl", "--split", "holdout")).exitCode).toBe(2);
  });
});
