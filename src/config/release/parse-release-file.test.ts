import { describe, expect, it } from "vitest";
import { parseReleaseFile } from "./parse-release-file.js";

const LEAST = {
  version: 1,
  service: "support",
  traffic: "http://127.0.0.1:8080",
  stable: { url: "http://127.0.0.1:8001" },
  canary: { url: "http://127.0.0.1:8002" },
  router: { type: "exec", get: ["get"], set: ["set"] },
};

const read = (changes: object) => parseReleaseFile(JSON.stringify({ ...LEAST, ...changes }), "release.yaml");

describe("release.yaml", () => {
  it("takes addresses of servers as people copy them, with /v1", () => {
    const config = read({
      stable: { url: "http://127.0.0.1:8001/v1/" },
      canary: { url: "http://127.0.0.1:8002/" },
    });
    expect([config.stable.url, config.canary.url]).toEqual([
      "http://127.0.0.1:8001",
      "http://127.0.0.1:8002",
    ]);
  });

  it.each<[string, object, RegExp]>([
    ["a port that is none", { traffic: "http://127.0.0.1:99999" }, /`traffic` wants a URL such as/],
    ["a password in a URL", { canary: { url: "http://a:b@127.0.0.1:1" } }, /without user name and password/],
    ["a URL with a query", { canary: { url: "http://127.0.0.1:1?a=b" } }, /without `\?` and `#`/],
    [
      "a matcher that is none",
      { prometheus: { url: "http://127.0.0.1:9090", stable: "vllm", canary: 'job="b"' } },
      /`prometheus.stable` wants label matchers/,
    ],
    [
      "one matcher for both arms",
      { prometheus: { url: "http://127.0.0.1:9090", stable: 'job="a"', canary: 'job="a"' } },
      /`prometheus.canary` is that of stable/,
    ],
    [
      "one page for two servers",
      {
        stable: { url: "http://127.0.0.1:8001", metrics: "http://127.0.0.1:8001/metrics" },
        canary: { url: "http://127.0.0.1:8002", metrics: "http://127.0.0.1:8001/metrics" },
      },
      /`canary.metrics` is the page of stable/,
    ],
    [
      "a warm-up of one batch",
      { warm_up: { requests: 6 } },
      /at least 8 requests for a concurrency of 4, found 6/,
    ],
    [
      "a command that may take no time",
      { router: { ...LEAST.router, timeout: "0s" } },
      /`router.timeout` wants a time above 0 and of at most 24d/,
    ],
  ])("refuses %s", (_name, changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });

  it.each<[string, object]>([
    ["a password", { canary: { url: "http://bo:hunter2secret@127.0.0.1:1" } }],
    ["the token of a webhook", { notify: [{ webhook: "htps://hooks.example/hunter2secret" }] }],
  ])("does not print %s that it refuses", (_name, changes) => {
    expect(() => read(changes)).toThrow(/^(?!.*hunter2secret)/s);
    expect(() => read(changes)).toThrow(/wants/);
  });

  it("takes one page for two models of one server", () => {
    const arm = { url: "http://127.0.0.1:8001", metrics: "http://127.0.0.1:8001/metrics" };
    expect(() => read({ stable: { ...arm, model: "a" }, canary: { ...arm, model: "b" } })).not.toThrow();
  });
});
