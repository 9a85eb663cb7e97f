import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { anchorOf } from "../scripts/reference/markdown-table.js";
import { buildProgram } from "../src/cli.js";
import type { CommandIo } from "../src/commands/io.js";
import { parseGatesFile } from "../src/config/gates/parse-gates-file.js";
import { parseGatewayFile } from "../src/config/gateway/parse-gateway-file.js";
import { parseAnyAgentFile } from "../src/config/parse-agent-file.js";
import { parseProjectFile } from "../src/config/parse-project-file.js";
import { parseReleaseFile } from "../src/config/release/parse-release-file.js";
import { EXIT } from "../src/core/exit-codes.js";
import { DatasetBuilder } from "../src/datasets/dataset-builder.js";
import { environmentNames, loadEnvironment } from "../src/environments/registry.js";
import { metricByName, metricNames } from "../src/metrics/registry.js";
import { providerNames } from "../src/models/registry.js";
import { DOCUMENT_VERSIONS, schemaName } from "../src/report/json-document.js";
import * as statistics from "../src/stats/index.js";
import { fencedBlocks, pages, pageText, root } from "./pages.js";

const allText = pages.map((page) => page.text).join("\n");

function parseGates(text: string, file: string): unknown {
  return parseGatesFile(text, file, {
    metrics: metricNames,
    unitOf: (name) => metricByName(name)?.unit,
  });
}

describe("docs/errors.md", () => {
  const table = [...pageText("docs/errors.md").matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(
    (match) => match[1] ?? "",
  );

  it("has an entry for every error code, and no other", () => {
    const source = readFileSync(join(root, "src/core/errors.ts"), "utf8");
    const codes = [
      ...[...source.matchAll(/readonly code = "([A-Z_]+)"/g)].map((match) => match[1] ?? ""),
      ...[...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map((match) => match[1] ?? ""),
    ];
    expect(codes.length).toBeGreaterThan(10);
    expect([...table].sort()).toEqual([...codes].sort());
  });

  it("lists every error code of imported trials, and no other", () => {
    const listed = [...pageText("docs/errors.md").matchAll(/^\| `([A-Z_]+)` \| [^\d]/gm)].map(
      (match) => match[1] ?? "",
    );
    const given = ["src/datasets/import", "src/eval/import"].flatMap(codesGivenIn);
    const own = new Set([...given].filter((code) => !table.includes(code)));
    expect(own.size).toBeGreaterThan(4);
    expect([...listed].sort()).toEqual([...own].sort());
  });

  it("lists every exit code, and no other", () => {
    const listed = [...pageText("docs/errors.md").matchAll(/^\| (\d+) \|/gm)].map((match) =>
      Number(match[1]),
    );
    expect(listed).toEqual(Object.values(EXIT));
  });

  it("shows the message that the program has for bad gates", () => {
    const shown = fencedBlocks("text").find(({ place }) => place.startsWith("docs/errors.md"))?.text ?? "";
    const bad = readFileSync(join(root, "gates.yaml"), "utf8")
      .replace("min: 0.85", "min: 85")
      .replace("retrieval.hit_rate", "retrieval.hitrate");
    const problems = shown.split("\n").filter((line) => line.startsWith("gates.yaml:"));
    expect(problems.length).toBeGreaterThan(0);
    expect(() => parseGates(bad, "gates.yaml")).toThrow(problems.join("\n"));
  });
});

/** Error codes that the files of a folder give to trials. */
function codesGivenIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap((name) => [
      ...readFileSync(join(root, folder, name), "utf8").matchAll(/\bcode: "([A-Z]+_[A-Z_]+)"/g),
    ])
    .map((match) => match[1] ?? "");
}

describe("docs/json.md", () => {
  it("lists every kind of document with its version, and no other", () => {
    const listed = [...pageText("docs/json.md").matchAll(/^\| `(agentctl\/[\w-]+)` \|.*\| (\d+) \|$/gm)];
    const found = Object.fromEntries(listed.map((match) => [match[1] ?? "", Number(match[2])]));
    const known = Object.entries(DOCUMENT_VERSIONS).map(([kind, version]) => [
      schemaName(kind as keyof typeof DOCUMENT_VERSIONS),
      version,
    ]);
    expect(found).toEqual(Object.fromEntries(known));
  });
});

describe("docs/statistics.md", () => {
  it("names every function of the library", () => {
    const named = new Set(
      [...pageText("docs/statistics.md").matchAll(/`(\w+)[(`]/g)].map((match) => match[1]),
    );
    const functions = Object.entries(statistics).filter(([, value]) => typeof value === "function");
    expect(functions.length).toBeGreaterThan(50);
    expect(functions.map(([name]) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});

describe("docs/traces.md", () => {
  it("names every field of the record, and no other", () => {
    const record = pageText("docs/traces.md").split("## The JSON record")[1] ?? "";
    const rows = [...record.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? "");
    const named = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ""));
    const schema = JSON.parse(readFileSync(join(root, "schemas/output/trace.schema.json"), "utf8")) as {
      properties: object;
    };
    const fields = Object.keys(schema.properties).filter((name) => name !== "schema" && name !== "version");
    expect(named.sort()).toEqual(fields.sort());
  });
});

describe("paths", () => {
  const named = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:src|scripts|test|schemas|templates|datasets\/tau-\w+|bin)\/[\w./-]*)`/g)].map(
      (match) => ({ path, target: match[1] ?? "" }),
    ),
  );

  it("are found", () => {
    expect(named.length).toBeGreaterThan(20);
  });

  it.each(named)("$path names $target, which is there", ({ target }) => {
    expect(existsSync(join(root, target))).toBe(true);
  });
});

describe("links", () => {
  const links = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !/^(https?:|mailto:)/.test(target))
      .map((target) => ({ path, target })),
  );

  it("are found", () => {
    expect(links.length).toBeGreaterThan(20);
  });

  it.each(links)("$path links to $target, which is there", ({ path, target }) => {
    const [file = "", anchor] = target.split("#");
    const linked = file === "" ? join(root, path) : join(root, dirname(path), file);
    expect(existsSync(linked), relative(root, linked)).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readFileSync(linked, "utf8"))).toContain(anchor);
  });
});

/** Anchors as GitHub makes them of headings, and those that a page sets itself. */
function anchorsOf(markdown: string): readonly string[] {
  return [
    ...[...markdown.matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? "")),
    ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1] ?? ""),
  ];
}

describe("commands and flags", () => {
  const io: CommandIo = {
    cwd: root,
    env: {},
    print: () => {},
    note: () => {},
    isTerminal: false,
    useColor: false,
    columns: 100,
    onInterrupt: () => () => {},
    changeEnvironment: () => {},
    setExitCode: () => {},
  };
  const program = buildProgram(io, "0.0.0");
  const commands = commandsBelow(program);

  function commandsBelow(command: Command): readonly Command[] {
    return [command, ...command.commands.flatMap(commandsBelow)];
  }

  function longFlagsOf(command: Command): readonly string[] {
    return command.options.flatMap((option) => (option.long == null ? [] : [option.long]));
  }

  it("every command stands in the table of the README, and no other", () => {
    const table = pageText("README.md").split("## Commands")[1]?.split("\n## ")[0] ?? "";
    const named = [...table.matchAll(/^\| \[`(\w+)`\]/gm)].map((match) => match[1] ?? "");
    expect(named.sort()).toEqual(program.commands.map((command) => command.name()).sort());
  });

  const evalFlags = longFlagsOf(commands.find((command) => command.name() === "eval") as Command);

  it("flags are read from the program", () => {
    expect(evalFlags.length).toBeGreaterThan(20);
  });

  it.each(evalFlags)("eval %s is explained", (flag) => {
    expect(allText).toMatch(new RegExp(`${flag}(?![\\w-])`));
  });

  it("flags that the pages give a command are its own", () => {
    const shown = [...allText.matchAll(/\bagentctl ([a-z][\w-]*(?: [a-z][\w-]*)*)([^`|#&\n]*)/g)].flatMap(
      (match) => {
        const command = commandOf((match[1] ?? "").split(" "));
        const flags = [...(match[2] ?? "").matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map((flag) => flag[0]);
        return flags.map((flag) => ({ line: match[0], flag, isKnown: longFlagsOf(command).includes(flag) }));
      },
    );
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.filter(({ isKnown }) => !isKnown)).toEqual([]);
  });

  /** The command that the first words name; the words after it are its arguments. */
  function commandOf(words: readonly string[]): Command {
    return words.reduce(
      (found, word) => found.commands.find((command) => command.name() === word) ?? found,
      program,
    );
  }

  it("flags that the pages show exist", () => {
    const known = new Set([...commands.flatMap(longFlagsOf), "--help", "--version"]);
    // A flag in a page is one of ours unless its line runs another program.
    const shown = allText
      .split("\n")
      .filter((line) =>
        /\bagentctl (?:init|eval|gate|compare|report|runs|trace|metrics|score|import|judge|dataset)\b/.test(
          line,
        ),
      )
      .flatMap((line) => [...line.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map((match) => match[0]));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((flag) => !known.has(flag))).toEqual([]);
  });
});

describe("examples", () => {
  const yaml = fencedBlocks("yaml").filter(({ text }) => text.startsWith("# "));

  it("of each file are there", () => {
    const names = new Set(yaml.map(({ text }) => (text.split("\n")[0] ?? "").replace(/\/.*/, "/")));
    const known = ["# agentctl.yaml", "# agents/", "# gates.yaml", "# gateway.yaml", "# release.yaml"];
    expect(known).toEqual(expect.arrayContaining([...names]));
    expect([...names]).toEqual(expect.arrayContaining(known.slice(0, 4)));
  });

  it.each(yaml)("$place parses", ({ text, place }) => {
    const file = (text.split("\n")[0] ?? "").slice(2).trim();
    const parsed = parserOf(file)(text, place);
    expect(parsed).toBeTypeOf("object");
  });

  function parserOf(file: string): (text: string, place: string) => unknown {
    if (file === "agentctl.yaml") return parseProjectFile;
    if (file === "gates.yaml") return parseGates;
    if (file === "gateway.yaml") return parseGatewayFile;
    if (file === "release.yaml") return parseReleaseFile;
    if (file.startsWith("agents/")) {
      return (text, place) =>
        parseAnyAgentFile(text, place, {
          providers: providerNames(),
          environments: environmentNames(),
          toolsOf: (name) =>
            loadEnvironment(name, join(root, "datasets")).tools.map((tool) => tool.spec.name),
        });
    }
    throw new Error(`no parser is known for the example "${file}"`);
  }

  const cases = fencedBlocks("jsonl");

  it.each(cases)("$place is a golden set", ({ text, place }) => {
    const builder = new DatasetBuilder(place);
    for (const [index, line] of text.trimEnd().split("\n").entries()) builder.addLine(index + 1, line);
    expect(builder.finish("example").cases.length).toBeGreaterThan(0);
  });

  it("of golden sets are there", () => {
    expect(cases.length).toBeGreaterThan(1);
  });
});
