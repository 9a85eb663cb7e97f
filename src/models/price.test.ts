import { expect, test } from "vitest";
import { explicitPricer, listPricer, pricerFor } from "./price.js";

const NOW = () => Date.UTC(2026, 10, 21);
const MILLION = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

test("an own price counts cached input apart when it has a price", () => {
  const price = { input_usd_per_mtok: 2, output_usd_per_mtok: 10 };
  const usage = { ...MILLION, cachedInputTokens: 250_000 };
  expect(explicitPricer(price)(MILLION, "m")).toBeCloseTo(12, 10);
  expect(explicitPricer(price)(usage, "m")).toBeCloseTo(12, 10);
  expect(explicitPricer({ ...price, cached_input_usd_per_mtok: 0.4 })(usage, "m")).toBeCloseTo(11.6, 10);
});

test("an own price goes before the list, and may be zero", async () => {
  const price = { input_usd_per_mtok: 0, output_usd_per_mtok: 0 };
  const priceOf = await pricerFor({ name: "gpt-4o", price }, "https://api.openai.com/v1", NOW);
  expect(priceOf(MILLION, "gpt-4o")).toBe(0);
});

test("the list prices OpenAI's gpt-4o, dated names and cached input included", async () => {
  const priceOf = await listPricer("https://api.openai.com/v1", "gpt-4o", NOW);
  expect(priceOf(MILLION, "gpt-4o-2024-08-06")).toBeCloseTo(12.5, 10);
  expect(priceOf({ ...MILLION, cachedInputTokens: 1_000_000 }, "gpt-4o")).toBeCloseTo(11.25, 10);
  expect(priceOf(MILLION, "an-alias-of-the-proxy")).toBeCloseTo(12.5, 10);
});

test("the list prices Anthropic's cache writes above plain input", async () => {
  const priceOf = await listPricer("https://api.anthropic.com", "claude-sonnet-4-5", NOW);
  const usage = { inputTokens: 1_000, outputTokens: 1_000, cachedInputTokens: 500 };
  expect(priceOf({ ...usage, cacheWriteTokens: 100 }, "claude-sonnet-4-5")).toBeCloseTo(0.016725, 10);
});

test("a price that is not known is missing, not free", async () => {
  const ofOpenai = await listPricer("https://api.openai.com/v1", "no-such-model", NOW);
  expect(ofOpenai(MILLION, "no-such-model")).toBeNull();
  const ofOwnServer = await listPricer("http://127.0.0.1:8000/v1", "gpt-4o", NOW);
  expect(ofOwnServer(MILLION, "gpt-4o")).toBeNull();
  const ofWrongUsage = await listPricer("https://api.openai.com/v1", "gpt-4o", NOW);
  expect(ofWrongUsage({ inputTokens: 1, outputTokens: 1, cachedInputTokens: 5 }, "gpt-4o")).toBeNull();
});
