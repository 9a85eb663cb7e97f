import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../core/errors.js";
import { environmentNames, loadEnvironment } from "./registry.js";

describe("loadEnvironment", () => {
  it("knows the shipped environments", () => {
    expect(environmentNames()).toEqual(expect.arrayContaining(["orders", "tau-airline", "tau-retail"]));
  });

  it.each(["tau-airlin", "constructor"])("refuses %s and names what there is", (name) => {
    const load = () => loadEnvironment(name, "datasets");
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(`there is no environment "${name}"`);
  });

  it("suggests the nearest name", () => {
    expect(() => loadEnvironment("tau_retial", "datasets")).toThrow("did you mean `tau-retail`?");
  });

  it("says which file of an environment is missing", () => {
    const empty = mkdtempSync(join(tmpdir(), "environments-"));
    expect(() => loadEnvironment("tau-retail", empty)).toThrow(ConfigError);
    expect(() => loadEnvironment("tau-retail", empty)).toThrow(/tau-retail.policy\.md cannot be read/);
  });
});
