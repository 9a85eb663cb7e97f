import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../test/run-cli.js";
import { writeDurably } from "./write-durably.js";

it("fails in the same words each time, and leaves nothing behind", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "bps.map");
  mkdirSync(file);
  const why = async () =>
    writeDurably(file, "bps 1\n").then(
      () => "written",
      ({ message }: Error) => message,
    );
  const first = await why();
  expect(first).toContain(file);
  expect(first).not.toContain(".tmp");
  expect(await why()).toBe(first);
  expect(readdirSync(folder)).toEqual(["bps.map"]);
});
