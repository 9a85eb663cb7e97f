import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deletionSteps } from "./deletion-steps.js";
import { checkReceipt } from "./receipt.js";
import { deletionOf, killedDeletion } from "./testing/bundled-child.js";
import { ADA, dataFolder, OTHERS, wordsOf } from "./testing/planted-project.js";
import { found, withPlanted } from "./testing/with-planted.js";

const planted = withPlanted();
const finish = (root: string) => deletionOf(root, null);

describe.concurrent("a deletion that is killed", { timeout: 120_000 }, () => {
  const points = [
    ...deletionSteps.flatMap(({ store }) => [`before ${store}`, `after ${store}`]),
    "before the receipt",
    "after the receipt",
  ];

  it.each(points)("is finished by the next run: %s", async (point) => {
    const root = planted.copy();
    expect(await killedDeletion(root, ADA, point)).toBe("SIGKILL");
    const [finished, ...others] = await finish(root);
    expect(others).toEqual([]);
    expect(found(root, wordsOf(ADA))).toEqual([]);
    for (const user of OTHERS) expect(found(root, wordsOf(user, true))).toEqual(wordsOf(user, true));
    expect(checkReceipt(finished?.file ?? "", dataFolder(root), ADA)).toMatchObject({
      isGenuine: true,
      isForUser: true,
    });
    expect(finished?.signed.receipt.interruptions).toBe(point === "after the receipt" ? 0 : 1);
    expect(readdirSync(join(dataFolder(root), "receipts"))).toHaveLength(1);
    expect(await finish(root)).toEqual([]);
  });

  it("does nothing twice: what was removed before the kill is counted once", async () => {
    const root = planted.copy();
    await killedDeletion(root, ADA, "before conversations");
    const [finished] = await finish(root);
    expect(finished?.signed.receipt.stores).toEqual([
      { store: "exports", removed: { files: 13, lines: 6 } },
      { store: "run history", removed: { cases: 1, trials: 2, replies: 3 } },
      {
        store: "labels and verdicts",
        removed: { items: 2, labels: 1, verdicts: 1, calibrationReports: 1 },
      },
      { store: "retrieval indexes", removed: { documents: 2 } },
      { store: "memory", removed: { facts: 2, vectors: 1 } },
      { store: "conversations", removed: { sessions: 1, messages: 3, notes: 1, queued: 1, effects: 1 } },
    ]);
  });

  it("was not begun before its intent lay on the disk", async () => {
    const root = planted.copy();
    expect(await killedDeletion(root, ADA, "before the intent")).toBe("SIGKILL");
    expect(await finish(root)).toEqual([]);
    expect(found(root, wordsOf(ADA))).toEqual(wordsOf(ADA));
  });
});
