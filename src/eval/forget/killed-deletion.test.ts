import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deletionSteps } from "./deletion-steps.js";
import { checkReceipt } from "./receipt.js";
import { deletionOf, killedDeletion } from "./testing/bundled-child.js";
import { ADA, dataFolder, OTHERS, wordsOf } from "./testing/planted-project.js";
import { withPlanted } from "./testing/with-planted.js";

const planted = withPlanted();
const finish = () => deletionOf(planted.root, null);

describe("a deletion that is killed", () => {
  const points = [
    ...deletionSteps.flatMap(({ store }) => [`before ${store}`, `after ${store}`]),
    "before the receipt",
    "after the receipt",
  ];

  it.each(points)("is finished by the next run: %s", { timeout: 60_000 }, (point) => {
    const { root, found } = planted;
    const killed = killedDeletion(root, ADA, point);
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    const [finished, ...others] = finish();
    expect(others).toEqual([]);
    expect(found(wordsOf(ADA))).toEqual([]);
    for (const user of OTHERS) expect(found(wordsOf(user, true))).toEqual(wordsOf(user, true));
    expect(checkReceipt(finished?.file ?? "", dataFolder(root), ADA)).toMatchObject({
      isGenuine: true,
      isForUser: true,
    });
    expect(finished?.signed.receipt.interruptions).toBe(point === "after the receipt" ? 0 : 1);
    expect(readdirSync(join(dataFolder(root), "receipts"))).toHaveLength(1);
    expect(finish()).toEqual([]);
  });

  it("does nothing twice: what was removed before the kill is counted once", {
    timeout: 60_000,
  }, () => {
    killedDeletion(planted.root, ADA, "before conversations");
    const [finished] = finish();
    expect(finished?.signed.receipt.stores).toEqual([
      { store: "exports", removed: { files: 12, lines: 5 } },
      { store: "run history", removed: { cases: 1, trials: 2, replies: 3 } },
      { store: "retrieval indexes", removed: { documents: 2 } },
      { store: "memory", removed: { facts: 2, vectors: 1 } },
      { store: "conversations", removed: { sessions: 1, messages: 3, notes: 1, queued: 1, effects: 1 } },
    ]);
  });

  it("was not begun before its intent lay on the disk", { timeout: 60_000 }, () => {
    const killed = killedDeletion(planted.root, ADA, "before the intent");
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    expect(finish()).toEqual([]);
    expect(planted.found(wordsOf(ADA))).toEqual(wordsOf(ADA));
  });
});
