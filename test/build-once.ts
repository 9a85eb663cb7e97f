import { bundle } from "../scripts/bundle.js";

/** Whole-program tests run what is shipped: the bundle, made from the sources as they are now. */
export default async function buildOnce(): Promise<void> {
  await bundle();
}
