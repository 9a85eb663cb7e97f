import { describe, expect, test } from "vitest";
import { UsageError } from "../core/errors.js";
import { envFileFlag, environmentChanges, parseDotEnv, variableOfFlag } from "./environment-variables.js";

const flags = [
  { name: "max-concurrency", isSwitch: false },
  { name: "--quiet", isSwitch: true },
];

test("a flag's variable", () => {
  expect(variableOfFlag("--max-concurrency")).toBe("AGENTCTL_MAX_CONCURRENCY");
});

test(".env text: quotes, comments, BOM, CRLF", () => {
  const text = "\uFEFFA=1\r\n# note\r\nB='x # y' # z\r\nexport C=2\r\n\r\n";
  expect(parseDotEnv(text)).toEqual({ A: "1", B: "x # y", C: "2" });
});

test.each([
  [["eval", "--env-file", "ci.env"], "ci.env"],
  [["eval", "--env-file=ci.env", "-j", "2"], "ci.env"],
  [["eval", "--", "--env-file", "ci.env"], undefined],
  [["eval"], undefined],
])("env file of %j", (args, expected) => {
  expect(envFileFlag(args)).toBe(expected);
});

describe("environmentChanges", () => {
  test("a process variable wins over the .env file", () => {
    const changes = environmentChanges(
      flags,
      { AGENTCTL_MAX_CONCURRENCY: "2", PATH: "/bin" },
      { AGENTCTL_MAX_CONCURRENCY: "9", OPENAI_API_KEY: "k" },
    );
    expect(changes).toEqual({ set: { OPENAI_API_KEY: "k" }, unset: [], warnings: [] });
  });

  test.each(["0", "false", "No", "off", ""])("a switch is off when its variable says %j", (word) => {
    expect(environmentChanges(flags, { AGENTCTL_QUIET: word }, {}).unset).toEqual(["AGENTCTL_QUIET"]);
    expect(environmentChanges(flags, {}, { AGENTCTL_QUIET: word })).toEqual({
      set: {},
      unset: [],
      warnings: [],
    });
  });

  test.each(["1", "true", "YES"])("a switch is on when its variable says %j", (word) => {
    expect(environmentChanges(flags, { AGENTCTL_QUIET: word }, {}).unset).toEqual([]);
    expect(environmentChanges(flags, {}, { AGENTCTL_QUIET: word }).set).toEqual({ AGENTCTL_QUIET: word });
  });

  test("a switch that is neither is refused", () => {
    expect(() => environmentChanges(flags, { AGENTCTL_QUIET: "maybe" }, {})).toThrow(UsageError);
  });

  test("a mistyped variable is named with the one that was meant", () => {
    const { warnings } = environmentChanges(flags, { AGENTCTL_MAX_CONCURENCY: "2" }, {});
    expect(warnings).toEqual([
      "AGENTCTL_MAX_CONCURENCY belongs to no flag; did you mean `AGENTCTL_MAX_CONCURRENCY`?",
    ]);
  });
});
