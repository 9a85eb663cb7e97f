import { describe, expect, it } from "vitest";
import { REQUEST_VERBS, type RequestType } from "./allowed.js";
import { mayAct } from "./may-act.js";

const REQUESTS = Object.keys(REQUEST_VERBS) as RequestType[];

/** The requests that are forbidden to somebody. */
function forbidden(
  actor: string,
  plan: { fourEyes?: boolean; releaseManagers?: readonly string[] },
  author = "ana",
): string[] {
  const release = { author, plan: { fourEyes: false, releaseManagers: [], ...plan } };
  return REQUESTS.filter((request) => mayAct(request, actor, release).forbidden !== null);
}

describe("mayAct", () => {
  it("lets everybody do everything where no roles are given", () => {
    expect(forbidden("bo", {})).toEqual([]);
    expect(forbidden("ana", {})).toEqual([]);
  });

  it("keeps approve, reject and promote for release managers, and rollback and pause for nobody", () => {
    const plan = { releaseManagers: ["Mia <mia@example.org>", "max"] };
    expect(forbidden("bo", plan)).toEqual(["approved", "rejected", "promotion-forced"]);
    expect(forbidden("max", plan)).toEqual([]);
    expect(forbidden(" MIA <mia@example.org> ", plan)).toEqual([]);
  });

  it("wants a second person under four eyes, in whatever case the name is written", () => {
    expect(forbidden("ana", { fourEyes: true })).toEqual(["approved", "promotion-forced"]);
    expect(forbidden("ANA ", { fourEyes: true })).toEqual(["approved", "promotion-forced"]);
    expect(forbidden("ana", { fourEyes: true, releaseManagers: ["ana", "bo"] })).toEqual([
      "approved",
      "promotion-forced",
    ]);
    expect(forbidden("bo", { fourEyes: true })).toEqual([]);
  });

  it("takes other spellings of a name for the same person", () => {
    for (const name of ["ａｎａ", "aｎa", "ana\u00a0"]) {
      expect(forbidden(name, { fourEyes: true })).toEqual(["approved", "promotion-forced"]);
    }
    const plan = { releaseManagers: ["Jose\u0301  Luis"] };
    expect(forbidden("jos\u00e9 luis", plan)).toEqual([]);
  });

  it("wants a second person whose name nobody takes for the author's", () => {
    for (const name of ["аna", "\u200bana", "аnа", "ána", "a.n.a"]) {
      expect(forbidden(name, { fourEyes: true })).toEqual(["approved", "promotion-forced"]);
    }
    expect(forbidden("Мах", { fourEyes: true }, "Max")).toEqual(["approved", "promotion-forced"]);
    expect(forbidden("Анна", { fourEyes: true })).toEqual([]);
    const release = { author: "Max", plan: { fourEyes: true, releaseManagers: [] } };
    expect(mayAct("approved", "Мах", release).forbidden).toBe(
      "approve wants a second person: Мах reads like Max, the author of this release; give a fuller name by --actor",
    );
  });

  it("takes nobody for a release manager whose name only looks like one's", () => {
    const plan = { releaseManagers: ["max"] };
    expect(forbidden("mах", plan)).toEqual(["approved", "rejected", "promotion-forced"]);
    expect(forbidden("Мах", plan)).toEqual(["approved", "rejected", "promotion-forced"]);
    const release = { author: "ana", plan: { fourEyes: false, ...plan } };
    expect(mayAct("approved", "Мах", release).forbidden).toBe(
      "approve wants a release manager (max), found Мах, which reads like max and is written with other letters",
    );
  });

  it("wants a name, and says who may", () => {
    expect(forbidden("  ", {})).toEqual(REQUESTS);
    const release = { author: "ana", plan: { fourEyes: false, releaseManagers: ["max", "mia"] } };
    expect(mayAct("approved", "bo", release).forbidden).toBe(
      "approve wants a release manager (max, mia), found bo",
    );
  });
});
