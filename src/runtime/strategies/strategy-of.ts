import type { z } from "zod";
import {
  type StrategyBlock,
  strategyBlock,
  type strategySchema,
} from "../../config/agent/strategy-schema.js";
import { type ConfidenceGate, HANDOVER } from "./confidence-gate.js";
import { react } from "./react.js";
import type { Strategy } from "./strategy.js";

/** The strategy that an agent file states; what it does not use is not loaded. */
export async function strategyOf(value: z.output<typeof strategySchema> | undefined): Promise<Strategy> {
  const block = strategyBlock(value);
  const gate = gateOf(block);
  switch (block.kind) {
    case "react":
      return reactOf(block, gate);
    case "plan":
      return planOf(block, gate);
    case "tree":
      return treeOf(block, gate);
    case "auto": {
      const { autoStrategy } = await import("./auto/auto-strategy.js");
      const [plain, plan, tree] = await Promise.all([
        reactOf(block, gate),
        planOf(block, gate),
        treeOf(block, gate),
      ]);
      return autoStrategy({ react: plain, plan, tree }, block.router);
    }
  }
}

function gateOf({ confidence_threshold, handover }: StrategyBlock): ConfidenceGate {
  return { threshold: confidence_threshold ?? null, handover: handover ?? HANDOVER };
}

async function reactOf({ reasoning }: StrategyBlock, gate: ConfidenceGate): Promise<Strategy> {
  if (reasoning !== true && gate.threshold === null) return react;
  const { reasoningReact } = await import("./reasoning-react.js");
  return reasoningReact(gate);
}

type PlanSettings = Pick<Extract<StrategyBlock, { kind: "plan" }>, "max_replans" | "max_plan_steps">;

async function planOf(
  { max_replans, max_plan_steps }: PlanSettings,
  gate: ConfidenceGate,
): Promise<Strategy> {
  const { planStrategy } = await import("./plan/plan-strategy.js");
  return planStrategy({ gate, maxReplans: max_replans, maxSteps: max_plan_steps });
}

type TreeSettings = Pick<Extract<StrategyBlock, { kind: "tree" }>, "branches" | "quality_margin">;

async function treeOf({ branches, quality_margin }: TreeSettings, gate: ConfidenceGate): Promise<Strategy> {
  const { treeStrategy } = await import("./tree/tree-strategy.js");
  return treeStrategy({ gate, branches, qualityMargin: quality_margin });
}
