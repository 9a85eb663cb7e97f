import { describe, expect, it } from "vitest";
import { strategySchema } from "../../../config/agent/strategy-schema.js";
import { loadOrders } from "../../../environments/orders/load-orders.js";
import { memoryLog } from "../../conversation-log.js";
import { environmentTools } from "../../tools/environment-tools.js";
import type { Tool } from "../../tools/tool.js";
import { strategyOf } from "../strategy-of.js";
import { agentOf, modelOf, openConversation, replyWith, toolOf } from "../testing/world.js";
import { requestFeatures } from "./features.js";
import { route } from "./route.js";

const environment = loadOrders();
const tools = environmentTools(environment, environment.start());
const thresholds = { ambiguity: 0.5, stakes: 0.5, confidence: 0.4, intents: 2 };

function routed(text: string, offered: readonly Tool[] = tools, earlier: readonly string[] = []) {
  const said = [...earlier, text].map((content) => ({ role: "user" as const, content }));
  return route(requestFeatures(text, offered, memoryLog(said)), thresholds).strategy;
}

describe("the router", () => {
  it.each([
    ["Where is order A-1042?", "react"],
    ["How do I reset an expired API key?", "react"],
    ["Please cancel order A-1042.", "react"],
    ["Cancel my order.", "tree"],
    ["Please sort it out.", "tree"],
    ["Could you take care of it for me?", "tree"],
    ["Cancel order A-1042 and refund order A-1047 12 USD.", "plan"],
    ["Cancel order A-1042, then cancel order A-1068.", "plan"],
    ["Look up order A-1042 and then look up order A-1043.", "plan"],
    ["Thanks!", "react"],
  ])("%s goes to %s", (text, strategy) => {
    expect(routed(text)).toBe(strategy);
  });

  it("finds an argument that the user gave before", () => {
    expect(routed("Cancel my order.", tools, ["It is about A-1042."])).toBe("react");
  });

  it("takes a vague request lightly where nothing can be lost", () => {
    expect(routed("Please sort it out.", [toolOf("look_up", () => ({}))])).toBe("react");
  });

  it("raises the stakes of an amount near a cap", () => {
    const refund = tools.find(({ spec }) => spec.name === "refund_order") as Tool;
    const capped = [{ ...refund, caps: [{ path: "amount_usd", max: 100 }] }];
    const stakes = (text: string) => requestFeatures(text, capped, memoryLog()).stakes;
    expect(stakes("Refund 50 USD on order A-1047.")).toBe(0.8);
    expect(stakes("Refund 85 USD on order A-1047.")).toBe(1);
  });

  it.each([
    [{ ambiguity: 0.5, stakes: 0.5 }, "tree"],
    [{ ambiguity: 0.49, stakes: 0.5 }, "react"],
    [{ ambiguity: 0.9, stakes: 0.49 }, "react"],
    [{ confidence: 0.39, stakes: 0.5 }, "tree"],
    [{ confidence: 0.4, stakes: 0.5 }, "react"],
    [{ confidence: null, stakes: 1 }, "react"],
    [{ intents: 2 }, "plan"],
    [{ intents: 2, ambiguity: 0.5, stakes: 0.5 }, "tree"],
    [{ intents: 1, stakes: 1 }, "react"],
  ])("with %j takes %s", (features, strategy) => {
    const plain = {
      intents: 0,
      ambiguity: 0,
      stakes: 0,
      confidence: 1,
      tools: [],
      missing: [],
      isVague: false,
    };
    const found = route({ ...plain, ...features }, thresholds);
    expect(found.strategy).toBe(strategy);
    expect(found.reasons.length).toBeGreaterThan(0);
  });
});

describe("auto", () => {
  const look = () => toolOf("look_up_order", () => ({}));

  it("has the decision, its reasons and the strategy of each step in the trace", async () => {
    const cancel = tools.find(({ spec }) => spec.name === "cancel_order") as Tool;
    const model = modelOf([
      replyWith({ json: { candidates: [{ id: "a", thought: "ask", say: "Which order?" }] } }),
    ]);
    const strategy = await strategyOf("auto");
    const { conversation, of } = openConversation(agentOf(model, { strategy, tools: [cancel] }));
    expect(await conversation.receive("Cancel my order.")).toBe("answered");
    expect(of("strategy_selected")).toEqual([
      {
        strategy: "tree",
        reasons: [
          "Ambiguity 1 is at least 0.5 (missing: cancel_order.order_id).",
          "Stakes 0.8 are at least 0.5 (tools: cancel_order).",
        ],
        ambiguity: 1,
        stakes: 0.8,
        confidence: expect.any(Number),
      },
    ]);
    expect(of("reasoning_step")).toMatchObject([{ strategy: "tree" }]);
  });

  it("asks the model as well where that is set; its doubt counts", async () => {
    const strategy = await strategyOf(strategySchema.parse({ kind: "auto", router: { assess: true } }));
    const model = modelOf([
      replyWith({ json: { ambiguity: 0.9, stakes: 0.9, confidence: 0.2, intents: 1 } }),
      replyWith({ json: { candidates: [{ id: "a", thought: "ask", say: "What do you mean?" }] } }),
    ]);
    const { conversation, of } = openConversation(agentOf(model, { strategy, tools: [look()] }));
    await conversation.receive("Hello");
    expect(of("strategy_selected")).toMatchObject([
      { strategy: "tree", ambiguity: 0.9, stakes: 0.9, confidence: 0.2 },
    ]);
  });

  it("chooses once for a turn, also when a crash cuts it off", async () => {
    const strategy = await strategyOf(strategySchema.parse({ kind: "auto", router: { assess: true } }));
    const assessed = replyWith({ json: { ambiguity: 0, stakes: 0, confidence: 1, intents: 3 } });
    const log = memoryLog();
    const first = openConversation(
      agentOf(modelOf([assessed, new Error("killed")]), { strategy, tools: [look()] }),
      { log },
    );
    await expect(first.conversation.receive("Hello")).rejects.toThrow("killed");
    const model = modelOf([replyWith({ json: { thought: "nothing", steps: [], reply: "Hello." } })]);
    const second = openConversation(agentOf(model, { strategy, tools: [look()] }), { log });
    expect(await second.conversation.resume()).toBe("answered");
    expect(second.of("strategy_selected")).toEqual([]);
    expect(model.requests).toHaveLength(1);
  });
});
