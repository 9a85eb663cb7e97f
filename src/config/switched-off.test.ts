import { describe, expect, it } from "vitest";
import { agentSchema } from "./agent-schema.js";
import { switchedOff } from "./switched-off.js";

const config = agentSchema.parse({
  name: "all",
  prompt: { version: "1", text: "Help." },
  model: { provider: "embedded", name: "baseline", fallbacks: [{ provider: "embedded", name: "other" }] },
  environment: "orders",
  tools: [{ name: "refund_order", permission: "orders:refund" }],
  strategy: "auto",
  retrieval: { documents: "docs", grounding: { threshold: 0.4 } },
  guardrails: {},
  ledger: {},
  loop_guard: {},
});

function without(...parts: string[]) {
  const changed = switchedOff(config, parts);
  if ("problem" in changed) throw new Error(changed.problem);
  return changed.config;
}

describe("switching parts of an agent off", () => {
  it("takes a block away and leaves the others as they are", () => {
    const { ledger, ...rest } = config;
    expect(without("ledger")).toEqual(rest);
    expect(config.ledger).toBeDefined();
  });

  it("switches several off", () => {
    const changed = without("strategy", "loop_guard", "retrieval.grounding", "model.fallbacks");
    expect(changed.strategy).toBeUndefined();
    expect(changed.loop_guard).toBeUndefined();
    expect(changed.retrieval).toMatchObject({ documents: "docs" });
    expect(changed.retrieval?.grounding).toBeUndefined();
    expect(changed.model).toEqual(expect.not.objectContaining({ fallbacks: expect.anything() }));
  });

  it("switches off what is on because nothing else was said", () => {
    expect(without("guardrails.output").guardrails).toMatchObject({ input: true, output: false });
    expect(without("tool_policy").tool_policy).toEqual({ layers: [] });
    expect(without("tool_policy.caps", "tool_policy.schema").tool_policy?.layers).toEqual([
      "permission",
      "binding",
      "confirmation",
      "result_fields",
    ]);
  });

  it("names what there is when a part is asked for that is not on", () => {
    expect(switchedOff(config, ["memory"])).toEqual({
      problem: expect.stringMatching(
        /^found "memory", the agent has `guardrails`, `loop_guard`, .*`model.fallbacks`, `model.max_retries`$/,
      ),
    });
    const plain = agentSchema.parse({
      name: "a",
      prompt: { version: "1", text: "x" },
      model: { provider: "embedded", name: "baseline", max_retries: 0 },
    });
    expect(switchedOff(plain, ["ledger"])).toEqual({
      problem: 'found "ledger", the agent has no part that can be switched off',
    });
  });
});
