import { expect, it } from "vitest";
import { problemOfTag } from "./run-tag.js";

it.each([
  "main",
  "v1.2.0",
  "release 7",
  "gpt-4o",
  "latest-good",
  "2026",
  "20261121",
  "20261121-nightly",
  "été",
  "#12",
])("%j is a tag", (tag) => {
  expect(problemOfTag(tag)).toBeNull();
});

it.each([
  ["", "empty"],
  [" \t", "empty"],
  ["latest", "newest run"],
  ["LATEST", "newest run"],
  [" latest ", "newest run"],
  ["20261121-065500-k3f9", "id of a run"],
  ["20261121-065500", "id of a run"],
  ["a,b", "commas"],
  ["a\nb", "control characters"],
  [" main", "spaces"],
])("%j is none: %s", (tag, reason) => {
  expect(problemOfTag(tag)).toContain(reason);
});
