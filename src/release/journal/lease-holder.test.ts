import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { hasHolderEnded, holderName } from "./lease-holder.js";

/** The start of this process stands behind its mark, so that another number makes another process. */
const ofAnother = (name: string) => name.replace(/\d+$/, (start) => String(Number(start) + 1));

describe("hasHolderEnded", () => {
  it("says of this process that it runs, whatever it does", () => {
    expect(hasHolderEnded(holderName())).toBe(false);
    expect(hasHolderEnded(`${holderName()}:rollback:0a1b`)).toBe(false);
  });

  it.runIf(process.platform === "linux")("knows a process that was killed", async () => {
    const child = spawn("sleep", ["60"]);
    const holder = holderName().replace(/:\d+@/, `:${child.pid}@`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(hasHolderEnded(holder)).toBe(true);
    expect(hasHolderEnded(`${holder}:watchdog`)).toBe(true);
  });

  it.runIf(process.platform === "linux")("is not misled by a number that was given again", () => {
    expect(hasHolderEnded(ofAnother(holderName()))).toBe(true);
  });

  it.each([
    "of another machine or an older agentctl:1",
    "vm:999999999",
    "rollback-to:3f2a",
    `vm:999999999@${"0".repeat(12)}-12`,
  ])("does not know of %s", (holder) => {
    expect(hasHolderEnded(holder)).toBe(false);
  });
});
