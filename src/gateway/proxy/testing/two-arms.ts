import { afterEach, beforeEach } from "vitest";
import type { TestGateway } from "./test-gateway.js";
import { chatAnswer, Upstream } from "./upstream.js";

/** Two model servers that say who they are, and the gateway that a test starts before them. */
interface TwoArms {
  stable: Upstream;
  canary: Upstream;
  test: TestGateway;
}

/** Starts the servers before each test of a file, and closes them and the gateway after it. */
export function twoArms(): TwoArms {
  const arms = {} as TwoArms;
  beforeEach(async () => {
    arms.stable = await Upstream.start(chatAnswer("stable"));
    arms.canary = await Upstream.start(chatAnswer("canary"));
  });
  afterEach(async () => {
    await arms.test.close();
    await Promise.all([arms.stable.close(), arms.canary.close()]);
  });
  return arms;
}
