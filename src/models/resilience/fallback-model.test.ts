import { expect, test } from "vitest";
import { ProviderError, type ProviderErrorCode } from "../../core/errors.js";
import type { FallbackNotice } from "../model.js";
import { fallbackModel } from "./fallback-model.js";
import { modelOf, REQUEST, replyOf } from "./testing/fake-model.js";

const up = (name: string) => modelOf(name, async () => replyOf(name));
const down = (name: string, code: ProviderErrorCode, status?: number) =>
  modelOf(name, async () => {
    throw new ProviderError(code, `${name} is down`, {
      isRetryable: code !== "PROVIDER_AUTH",
      ...(status === undefined ? {} : { status }),
    });
  });
const signal = new AbortController().signal;

test("the first that answers does, under the name of the first, and says so", async () => {
  const notices: FallbackNotice[] = [];
  const third = up("c");
  const chain = fallbackModel([down("a", "PROVIDER_UNAVAILABLE", 503), up("b"), third]);
  const reply = await chain.complete(REQUEST, { signal, onFallback: (notice) => notices.push(notice) });
  expect({ provider: chain.provider, name: chain.name }).toEqual({ provider: "test", name: "a" });
  expect(reply).toEqual({ ...replyOf("b"), answeredBy: { provider: "test", model: "b" } });
  expect(notices.map(({ model, error }) => [model, error.message])).toEqual([["b", "a is down"]]);
  expect(third.calls).toBe(0);
});

test("an answer of the first is left as it is, and a chain of one is the model itself", async () => {
  const only = up("a");
  expect(fallbackModel([only])).toBe(only);
  const reply = await fallbackModel([only, up("b")]).complete(REQUEST, { signal });
  expect(reply).toEqual(replyOf("a"));
});

test.each<[ProviderErrorCode, number | undefined, boolean]>([
  ["PROVIDER_UNAVAILABLE", 503, true],
  ["PROVIDER_RATE_LIMITED", 429, true],
  ["PROVIDER_TIMEOUT", undefined, true],
  ["PROVIDER_BAD_RESPONSE", undefined, true],
  ["PROVIDER_AUTH", 401, true],
  ["PROVIDER_REJECTED", 404, true],
  ["PROVIDER_REJECTED", 402, true],
  ["PROVIDER_REJECTED", 400, false],
  ["PROVIDER_REJECTED", 413, false],
  ["PROVIDER_REJECTED", 422, false],
  ["PROVIDER_ABORTED", undefined, false],
  ["REPLAY_MISS", undefined, false],
  ["RECORDING_CRASHED", undefined, false],
])("%s with status %s lets the next one try: %s", async (code, status, goesOn) => {
  const second = up("b");
  const call = fallbackModel([down("a", code, status), second]).complete(REQUEST, { signal });
  if (goesOn) expect((await call).text).toBe("b");
  else await expect(call).rejects.toMatchObject({ code, message: "a is down" });
  expect(second.calls).toBe(goesOn ? 1 : 0);
});

test("nobody else is asked once the trial is over", async () => {
  const controller = new AbortController();
  const second = up("b");
  const first = modelOf("a", async () => {
    controller.abort();
    throw new ProviderError("PROVIDER_TIMEOUT", "late", { isRetryable: true });
  });
  const call = fallbackModel([first, second]).complete(REQUEST, { signal: controller.signal });
  await expect(call).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
  expect(second.calls).toBe(0);
});

test("when all fail the error names each, and a bug is never taken for a failure", async () => {
  const chain = fallbackModel([down("a", "PROVIDER_UNAVAILABLE", 503), down("b", "PROVIDER_AUTH", 401)]);
  await expect(chain.complete(REQUEST, { signal })).rejects.toMatchObject({
    code: "PROVIDER_AUTH",
    status: 401,
    isRetryable: true,
    message: "b is down; before it: a is down",
  });
  const broken = modelOf("a", async () => {
    throw new RangeError("our bug");
  });
  await expect(fallbackModel([broken, up("b")]).complete(REQUEST, { signal })).rejects.toThrow("our bug");
});
