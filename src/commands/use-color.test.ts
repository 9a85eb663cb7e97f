import { expect, it } from "vitest";
import { mayUseColor } from "./use-color.js";

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "0" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "3", TERM: "dumb" }, true, true],
  [{ FORCE_COLOR: "true" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ FORCE_COLOR: "false" }, true, false],
  [{ FORCE_COLOR: "" }, false, false],
  [{ FORCE_COLOR: "" }, true, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
])("with %j and a terminal %s: %s", (env, isTerminal, expected) => {
  expect(mayUseColor(env, isTerminal)).toBe(expected);
});
