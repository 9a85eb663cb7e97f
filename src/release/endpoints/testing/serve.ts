import { afterEach } from "vitest";
import { type ServingOptions, startServingServer } from "./serving-server.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Closes something after the test that runs now. */
export function closeAfterTest(close: () => unknown): void {
  closers.push(close);
}

/** A server of tests that ends with the test. */
export async function serve(options: ServingOptions = {}) {
  const server = await startServingServer(options);
  closeAfterTest(server.close);
  return server;
}
