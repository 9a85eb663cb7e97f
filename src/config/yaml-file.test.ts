import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../core/errors.js";
import { parseGatesFile } from "./gates/parse-gates-file.js";
import { parseAgentFile } from "./parse-agent-file.js";
import { parseProjectFile } from "./parse-project-file.js";

const AGENT = `name: support
prompt:
  version: v1
  text: Be brief.
model: {provider: embedded, name: lexical}
`;

describe("accepted files", () => {
  test("defaults are filled in", () => {
    const agent = parseAgentFile(AGENT, "a.yaml");
    expect(agent.model).toMatchObject({ stream: true, timeout_ms: 60_000, max_retries: 2 });
    expect(agent.limits).toEqual({ max_steps: 30, timeout_ms: 120_000, tool_result_max_chars: 20_000 });
  });

  test("a byte order mark and CRLF change nothing", () => {
    expect(parseAgentFile(`\uFEFF${AGENT.replaceAll("\n", "\r\n")}`, "a.yaml")).toEqual(
      parseAgentFile(AGENT, "a.yaml"),
    );
  });

  test("anchors and merge keys are read, and keep their lines in messages", () => {
    const text = `version: 1
default_suite: a
suites:
  a: &base {dataset: a.jsonl, agent: a.yaml}
  b:
    <<: *base
    trials: 4
`;
    expect(parseProjectFile(text, "agentctl.yaml").suites.b).toEqual({
      dataset: "a.jsonl",
      agent: "a.yaml",
      trials: 4,
    });
    expect(() => parseProjectFile(text.replace("4", "x"), "agentctl.yaml")).toThrow(
      /^agentctl.yaml:7 `suites.b.trials`/,
    );
  });

  test("names are not checked against lists that are not given", () => {
    expect(parseGatesFile("version: 1\ngates: [{metric: anything, min: 1}]", "g.yaml").gates).toHaveLength(1);
  });
});

describe("any value", () => {
  test("is read, or refused with a ConfigError that names a line", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        for (const parse of [parseAgentFile, parseGatesFile, parseProjectFile]) {
          try {
            parse(stringify(value), "x.yaml");
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
          }
        }
      }),
    );
  });

  test("any text is read, or refused with a ConfigError", () => {
    const yamlish = fc.array(
      fc.constantFrom(
        "a",
        ":",
        " ",
        "\n",
        "-",
        "&a",
        "*a",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "|",
        "!",
        "\t",
        "<<",
        "?",
      ),
    );
    fc.assert(
      fc.property(yamlish, (parts) => {
        try {
          parseProjectFile(parts.join(""), "x.yaml");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
