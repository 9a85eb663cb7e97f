import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { syntheticPrompts } from "./http/prompts.js";
import { changeAdapters, renderAdapters } from "./lora.js";
import { warmBy } from "./run-warm.js";
import { serve } from "./testing/serve.js";
import { type WarmOptions, warmEndpoint } from "./warm.js";

/** Of a new server. */
async function addressOf(options?: Parameters<typeof serve>[0]) {
  return { url: (await serve(options)).url, apiKey: null };
}

const never = new AbortController().signal;
const options: WarmOptions = {
  model: undefined,
  prompts: syntheticPrompts(16, 1),
  requests: 400,
  concurrency: 4,
  outputTokens: 4,
  timeoutMs: 5000,
  clock: systemClock,
  signal: never,
};

describe("warming an endpoint", () => {
  it("goes on until the times are stable", async () => {
    // Not the machine but the server decides: its first tokens take far longer than what else happens.
    const address = await addressOf({ ttftMs: 150, tokens: 1 });
    const report = await warmEndpoint(address, options);
    expect(report).toMatchObject({ state: "stable", failed: 0, model: "test-model" });
    expect(report.medians.length).toBeGreaterThanOrEqual(2);
    expect(report.requests).toBe(report.medians.length * 4);
    expect(report.medians.at(-1)).toBeGreaterThan(140);
  });

  it("says that they are not, when they are not", async () => {
    const address = await addressOf({ ttftMs: 5, tokens: 1, ttftOf: (chat) => (chat % 2 === 0 ? 5 : 120) });
    const report = await warmEndpoint(address, { ...options, concurrency: 1, requests: 6 });
    expect(report).toMatchObject({ state: "unstable", requests: 6 });
    expect(report.medians).toHaveLength(6);
  });

  it("fails when a batch brings no answer, and stops when told", async () => {
    const address = await addressOf({ statusOf: () => 503 });
    expect(await warmEndpoint(address, options)).toMatchObject({ state: "failed", requests: 4, failed: 4 });
    const stop = new AbortController();
    const other = await addressOf({ ttftMs: 5, tokens: 1 });
    const stopped = warmEndpoint(other, {
      ...options,
      signal: stop.signal,
      onBatch: () => stop.abort(),
    });
    expect((await stopped).state).toMatch(/interrupted|stable/);
    await expect(warmEndpoint({ url: "http://127.0.0.1:1", apiKey: null }, options)).rejects.toThrow(
      /not reachable/,
    );
  });
});

describe("the flags of warming", () => {
  it("refuses requests that are one batch: there would be nothing to compare", async () => {
    const flags = { requests: 7, concurrency: 4, promptTokens: 8, outputTokens: 4, seed: 1, timeout: "1s" };
    const world = {
      env: {},
      clock: systemClock,
      signal: never,
      note: () => {},
      resolvePath: (file: string) => file,
    };
    await expect(warmBy("http://127.0.0.1:1", flags, world)).rejects.toThrow(
      /--requests to be at least 8, two batches of 4, found 7/,
    );
  });
});

describe("LoRA adapters", () => {
  const load = { kind: "load", name: "support-v2", path: "/adapters/support-v2" } as const;
  const unload = { kind: "unload", name: "support-v2" } as const;

  it("are loaded once, listed, and unloaded once", async () => {
    const { paths, url } = await serve();
    const address = { url, apiKey: null };
    expect(await changeAdapters(address, { kind: "list" }, never)).toMatchObject({
      adapters: [],
      changed: false,
    });
    const adapters = [{ name: "support-v2", base: "test-model", path: "/adapters/support-v2" }];
    expect(await changeAdapters(address, load, never)).toMatchObject({
      changed: true,
      path: "listed",
      adapters,
    });
    const again = await changeAdapters(address, { ...load, path: `${load.path}/` }, never);
    expect(again).toMatchObject({ changed: false, path: "listed", adapters });
    expect(paths.filter((path) => path === "/v1/load_lora_adapter")).toHaveLength(1);
    expect(await changeAdapters(address, unload, never)).toMatchObject({ changed: true, adapters: [] });
    expect(await changeAdapters(address, unload, never)).toMatchObject({ changed: false, adapters: [] });
  });

  it("keep their path: another one wants another name, and so does a base model", async () => {
    const address = await addressOf();
    await changeAdapters(address, load, never);
    await expect(changeAdapters(address, { ...load, path: "/other" }, never)).rejects.toThrow(
      /from \/adapters\/support-v2, another path than \/other/,
    );
    await expect(changeAdapters(address, { ...load, name: "test-model" }, never)).rejects.toThrow(
      /base model/,
    );
  });

  it("come from a path that is not known where the server had them before and lists none", async () => {
    const address = await addressOf({ gaps: ["lora-root"] });
    const first = await changeAdapters(address, load, never);
    expect(first).toMatchObject({ changed: true, path: "asked", adapters: [{ path: null }] });
    expect(renderAdapters(first)).not.toContain("not known");
    const again = await changeAdapters(address, { ...load, path: "/other" }, never);
    expect(again).toMatchObject({ changed: false, path: "unknown" });
    expect(renderAdapters(again)).toMatch(/^support-v2: nothing to do\nfrom which path is not known: http/);
    const unload = { kind: "unload", name: "support-v2" } as const;
    expect(await changeAdapters(address, unload, never)).toMatchObject({ changed: true, path: null });
  });

  it("that somebody else loads in between count by their path", async () => {
    const loadedBy = (path: string, ...gaps: "lora-root"[]) =>
      addressOf({ gaps, beforeLoad: (adapters) => adapters.set("support-v2", path) });
    await expect(changeAdapters(await loadedBy("/other"), load, never)).rejects.toThrow(/from \/other/);
    expect(await changeAdapters(await loadedBy(load.path), load, never)).toMatchObject({
      changed: false,
      path: "listed",
    });
    expect(await changeAdapters(await loadedBy("/other", "lora-root"), load, never)).toMatchObject({
      changed: false,
      path: "unknown",
    });
  });

  it("are not loaded by a server without them, nor by none", async () => {
    const address = await addressOf({ gaps: ["lora"] });
    await expect(changeAdapters(address, load, never)).rejects.toThrow(/did not load "support-v2": HTTP 404/);
    const lying = await addressOf({ gaps: ["lora-effect"] });
    await expect(changeAdapters(lying, load, never)).rejects.toThrow(/does not list "support-v2"/);
    const none = { url: "http://127.0.0.1:1", apiKey: null };
    await expect(changeAdapters(none, { kind: "list" }, never)).rejects.toThrow(/ECONNREFUSED/);
  });
});
