import { describe, expect, test } from "vitest";
import { DatasetError } from "../core/errors.js";
import { parseDatasetLines } from "./dataset-builder.js";

const GOOD = '{"id":"a","input":"Hello"}';

const badFiles: readonly [title: string, lines: readonly string[]][] = [
  ["no lines", []],
  ["only blank lines", ["", "  "]],
  ["a missing comma", [GOOD, '{"id":"key-reset-01" "input":"How do I reset an expired API key?"}']],
  ["a comma after the object", ['{"id":"a","input":"x"},']],
  ["a comma before the brace", ['{"id":"a","input":"x",}']],
  ["a cut line", ['{"id":"a","input":"How do I']],
  ["a cut object", ['{"id":"a","input":"x"']],
  ["two objects on a line", ['{"id":"a","input":"x"}{"id":"b","input":"y"}']],
  ["single quotes", ["{'id':'a'}", "{\"id\":'a'}"]],
  [
    "Python words",
    ['{"id":"a","input":"x","risk":None}', '{"id":"b","input":"x","expect":{"refusal":True}}'],
  ],
  ["a comment", ["# my cases", "// more", GOOD]],
  ["a backslash", ['{"id":"a","input":"C:\\dir"}']],
  ["a raw tab in a string", ['{"id":"a","input":"x\ty"}']],
  ["a number with a leading zero", ['{"id":"a","input":"x","expect":{"answer":007}}']],
  ["text", ["How do I reset my key?"]],
  ["a pretty-printed object", ["{", '  "id": "a",', '  "input": "x"', "}"]],
  ["a JSON array", ['[{"id":"a","input":"x"},', ' {"id":"b","input":"y"}]']],
  ["an array on one line", ['[{"id":"a","input":"x"}]']],
  ["values that are not objects", [GOOD, "7", "null", '"text"', "[1]"]],
  ["a duplicate id", [GOOD, '{"id":"b","input":"x"}', "", '{"id":"a","input":"y"}']],
  ["a duplicate id in a wrong case", [GOOD, '{"id":"a","inptu":"y"}']],
  [
    "the same flat question twice",
    ['{"question":"Q?","expected_source":"a"}', '{"question":"Q?","expected_source":"b"}'],
  ],
  [
    "a duplicate key",
    ['{"id":"a","input":"x","input":"y"}', '{"id":"b","input":"x","expect":{"answer":"1","answer":"2"}}'],
  ],
  [
    "unknown keys",
    [
      '{"id":"a","input":"x","tag":["faq"]}',
      '{"id":"b","input":"x","must_include":["y"]}',
      '{"id":"c","input":"x","zzz":1}',
    ],
  ],
  [
    "unknown keys within expect",
    ['{"id":"a","input":"x","expect":{"source":["doc"],"must_includes":["y"],"tool_call":[]}}'],
  ],
  [
    "unknown keys of the flat shape",
    ['{"question":"Q?","expected_sources":["doc"]}', '{"qestion":"Q?","expected_source":"doc"}'],
  ],
  ["missing keys", ["{}", '{"input":"x"}', '{"id":"a"}']],
  [
    "wrong types",
    [
      '{"id":7,"input":"x"}',
      '{"id":"b","input":12}',
      '{"id":"c","input":"x","tags":"faq","risk":"hihg","split":"train"}',
      '{"id":"d","input":"x","expect":{"sources":"doc","refusal":"yes","tool_calls":[{"nme":"get_order"}]}}',
      '{"id":"e","input":{"message":[]}}',
      '{"id":"f","input":{"messages":[]}}',
      '{"id":"g","input":{"messages":[{"role":"assistant","content":"Hi"}]}}',
      '{"id":"h","input":{"messages":[{"role":"system","content":"x"}]}}',
      '{"id":"i","input":{"user":{"script":["Hi"]}}}',
      '{"id":"j","input":{}}',
      '{"question":["Q?"],"expected_source":7}',
      '{"id":"","input":""}',
      '{"id":"k ","input":"x"}',
      '{"id":"l","input":"x","expect":"answer"}',
      '{"id":"m","input":"x","expect":{"state":{"actions":[{"name":"cancel","args":["#W1"]}]}}}',
      '{"id":"n","input":"x","review":{"status":"ok"}}',
    ],
  ],
  [
    "nested too deep",
    [
      `{"id":"a","input":"x","expect":{"tool_calls":[{"name":"t","args":{"x":${"[".repeat(300)}${"]".repeat(300)}}}]}}`,
    ],
  ],
  [
    "terminal codes are not printed",
    [
      '{"id":"a","input":"x","\\u001b[31mred":1,"\\u009b31m":2,"risk":"\\u001b[2J"}',
      '{"id":"\\u009b","input":"x"}',
      `{"id":"b","input":"x","${"k".repeat(300)}":1}`,
    ],
  ],
  ["an invisible character", ['{"id":"a\u200b","inp\u00a0ut":"x"}', '\u00a0{"id":"b","input":"x"}']],
];

function errorOf(lines: readonly string[]): DatasetError {
  try {
    parseDatasetLines(lines, "golden.jsonl");
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
  throw new Error(`expected these lines to be refused:\n${lines.join("\n")}`);
}

describe("bad datasets", () => {
  test("each gets the messages of the golden file", async () => {
    const report = badFiles.map(([title, lines]) => {
      const shown = lines.map((line) => (line.length > 120 ? `${line.slice(0, 120)}…` : line));
      return `## ${title}\n${shown.join("\n")}\n>>\n${errorOf(lines).message}\n`;
    });
    await expect(report.join("\n")).toMatchFileSnapshot("__golden__/bad-dataset.txt");
  });

  test("no message holds a control character", () => {
    for (const [, lines] of badFiles)
      expect(errorOf(lines).message.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test("the first 50 problems are told, the rest counted", () => {
    const error = errorOf(Array.from({ length: 73 }, (_, index) => `{"id":"${index}"}`));
    expect(error.problems).toHaveLength(51);
    expect(error.problems[49]).toMatchObject({ line: 50 });
    expect(error.message).toMatch(/\ngolden\.jsonl … and 23 more problems$/);
  });
});
