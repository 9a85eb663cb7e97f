import type { PartFactory } from "./agent-parts.js";

/** The guard against calls that go round in circles: block `loop_guard`. */
export const loopGuardPart: PartFactory = async ({ loop_guard: block }) => {
  if (block === undefined) return null;
  const { loopGuard } = await import("../../runtime/loop-guard/loop-guard.js");
  return loopGuard({
    warnAfter: block.warn_after,
    stopAfter: block.stop_after,
    maxPolls: block.max_polls,
    reply: block.reply ?? null,
  });
};
