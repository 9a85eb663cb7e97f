import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../testing/manual-clock.js";
import { openDoorkeeper, openKeysDoorkeeper } from "./doorkeeper.js";
import { addKey, listKeys, removeKey } from "./edit-keys-file.js";

let folder: string;
let file: string;
let clock: ManualClock;
const problems: Error[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentctl-"));
  file = join(folder, "keys.yaml");
  clock = new ManualClock();
  problems.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openKeysDoorkeeper({ file, clock, onProblem: (error) => problems.push(error) });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const key = (name: string, limits: object = {}) =>
  addKey(file, { name, tenant: "acme", isTester: false, isReporter: false, ...limits });

describe("keys", () => {
  it("let in by either header, as the tenant and the role of the key", async () => {
    const secret = addKey(file, { name: "qa", tenant: "acme", isTester: true, isReporter: true });
    const door = await open();
    const client = { keyName: "qa", tenantId: "acme", isTester: true, isReporter: true };
    expect(door.admit(bearer(secret))).toMatchObject({ client });
    expect(door.admit({ "x-api-key": secret })).toMatchObject({ client });
  });

  it("are refused when they are unknown, missing or only like one", async () => {
    const secret = key("shop");
    const door = await open();
    for (const headers of [
      {},
      bearer(""),
      bearer("agk_x"),
      bearer(secret.slice(0, -1)),
      { "x-api-key": "" },
    ]) {
      expect(door.admit(headers)).toMatchObject({ refused: { status: 401, code: "invalid_api_key" } });
    }
  });

  it("stand in the file as hashes, in a file that its owner alone reads, comments kept", () => {
    writeFileSync(file, "# of the shop\nversion: 1\nkeys: []\n");
    const secret = key("shop");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^# of the shop/);
    expect(text).not.toContain(secret.slice(4));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => key("shop")).toThrow(/has a key shop already/);
    removeKey(file, "shop");
    expect(listKeys(file)).toEqual([]);
    expect(() => removeKey(file, "shop")).toThrow(/has no key shop/);
  });

  it("are refused a second after they were removed, and let in a second after they were made", async () => {
    const old = key("old");
    const door = await open();
    removeKey(file, "old");
    const fresh = key("fresh");
    clock.ms += 1_001;
    door.admit({});
    await expect.poll(() => "client" in door.admit(bearer(fresh))).toBe(true);
    expect(door.admit(bearer(old))).toMatchObject({ refused: { status: 401 } });
  });

  it("stay as they were while the file is broken or gone", async () => {
    const secret = key("shop");
    const door = await open();
    writeFileSync(file, "version: 1\nkeys: [{name: shop}]\n");
    utimesSync(file, 1, 1);
    clock.ms += 1_001;
    door.admit({});
    await expect.poll(() => problems.length).toBe(1);
    rmSync(file);
    clock.ms += 1_001;
    expect(door.admit(bearer(secret))).toHaveProperty("client");
    expect(problems.at(-1)?.message).toMatch(/has gone/);
  });

  it("cannot have one name or one hash twice", () => {
    const entry = `{ name: a, sha256: "${"0".repeat(64)}", tenant: t }`;
    writeFileSync(file, `version: 1\nkeys:\n  - ${entry}\n  - ${entry}\n`);
    expect(() => listKeys(file)).toThrow(/every `name` once.*\n.*every `sha256` once/);
  });
});

describe("limits", () => {
  it("count requests of any 60 seconds, and say when to come again", async () => {
    const secret = key("shop", { requestsPerMinute: 2 });
    const door = await open();
    clock.ms = 1_700_000_000_000;
    door.admit(bearer(secret));
    clock.ms += 20_000;
    door.admit(bearer(secret));
    clock.ms += 20_000;
    expect(door.admit(bearer(secret))).toEqual({
      refused: {
        status: 429,
        code: "rate_limit_exceeded",
        message: "this key may use 2 requests a minute",
        retryAfterMs: 20_000,
      },
    });
    clock.ms += 20_000;
    expect(door.admit(bearer(secret))).toHaveProperty("client");
    expect(door.admit(bearer(secret))).toHaveProperty("refused");
  });

  it("count tokens once answers have ended, and requests under way", async () => {
    const secret = key("shop", { tokensPerMinute: 100, maxConcurrent: 1 });
    const door = await open();
    const first = door.admit(bearer(secret));
    if (!("client" in first)) throw new Error("expected to be let in");
    expect(door.admit(bearer(secret))).toMatchObject({ refused: { status: 429 } });
    first.done(150);
    first.done(150);
    expect(door.admit(bearer(secret))).toMatchObject({
      refused: { message: "this key may use 100 tokens a minute" },
    });
    clock.ms += 60_000;
    expect(door.admit(bearer(secret))).toHaveProperty("client");
  });

  it("bind nobody where there are no keys", () => {
    const { client } = openDoorkeeper("default").admit({}) as { client: object };
    expect(client).toMatchObject({ tenantId: "default" });
  });
});
