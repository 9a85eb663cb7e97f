import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkReceipt } from "./receipt.js";
import { ADA, dataFolder, OTHERS } from "./testing/planted-project.js";
import { forgetAda, withPlanted } from "./testing/with-planted.js";

const planted = withPlanted();

describe("a receipt", () => {
  it("does not hold once a word of it is changed, nor for another user, nor with another key", async () => {
    const root = planted.copy();
    const data = dataFolder(root);
    const { file } = await forgetAda(root);
    const text = readFileSync(file, "utf8");
    const changed = join(root, "changed.json");
    writeFileSync(changed, text.replace('"facts": 2', '"facts": 3'));
    expect(checkReceipt(changed, data, null)).toMatchObject({ isGenuine: false, isOurs: true });
    for (const other of OTHERS) expect(checkReceipt(file, data, other).isForUser).toBe(false);
    rmSync(join(data, "keys"), { recursive: true });
    await forgetAda(root);
    expect(checkReceipt(file, data, ADA)).toMatchObject({ isGenuine: true, isOurs: false, isForUser: true });
  });

  it("is read by its kind: another document is none", () => {
    const other = join(planted.copy(), "acme-ben.json");
    expect(() => checkReceipt(other, null, null)).toThrow(/expected a deletion receipt; it cannot be/);
    const missing = join(planted.copy(), "none.json");
    expect(() => checkReceipt(missing, null, null)).toThrow(
      /expected a deletion receipt; there is no such file/,
    );
  });
});
