import { turnOf } from "../../marked-calls.js";
import type { Turn } from "../../turn.js";
import { openPlan } from "../plan/open-plan.js";
import type { Strategy } from "../strategy.js";
import { assessRequest } from "./assess-request.js";
import { requestFeatures } from "./features.js";
import { type RoutedStrategy, type RouterThresholds, route } from "./route.js";

const NOTE = "strategy.auto";

/** What was chosen for a turn, so that a turn that a crash cut off goes on by the same strategy. */
interface Choice {
  readonly turn: number;
  readonly strategy: RoutedStrategy;
}

/**
 * Chooses a strategy for each turn by ambiguity, stakes and confidence; the choice and its reasons are in the trace. A
 * plan that waits for the user is gone on with.
 */
export function autoStrategy(
  strategies: Readonly<Record<RoutedStrategy, Strategy>>,
  router: RouterThresholds & { readonly assess: boolean },
): Strategy {
  return {
    name: "auto",
    async run(turn) {
      const chosen = await choose(turn, router);
      const named: Turn = {
        userText: turn.userText,
        identity: turn.identity,
        tools: turn.tools,
        passages: turn.passages,
        clock: turn.clock,
        log: turn.log,
        think: (request) => turn.think(request),
        act: (reply, options) => turn.act(reply, options),
        respond: (text) => turn.respond(text),
        reason: (step) => turn.reason({ strategy: chosen, ...step }),
        emit: (type, payload) => turn.emit(type, payload),
      };
      return strategies[chosen].run(named);
    },
  };
}

async function choose(
  turn: Turn,
  router: RouterThresholds & { readonly assess: boolean },
): Promise<RoutedStrategy> {
  const { log } = turn;
  const number = turnOf(log);
  const note = log.note(NOTE) as unknown as Choice | undefined;
  if (note?.turn === number) return note.strategy;
  const keep = (strategy: RoutedStrategy) => {
    log.setNote(NOTE, { turn: number, strategy });
    return strategy;
  };
  if (openPlan(log)?.steps.some(({ status }) => status === "pending") === true) {
    const reasons = ["A plan waits for the user's answer."];
    turn.emit("strategy_selected", {
      strategy: "plan",
      reasons,
      ambiguity: null,
      stakes: null,
      confidence: null,
    });
    return keep("plan");
  }
  const lexical = requestFeatures(turn.userText, turn.tools, log);
  const features = router.assess ? await assessRequest(turn, lexical) : lexical;
  const { strategy, reasons } = route(features, router);
  const { ambiguity, stakes, confidence } = features;
  turn.emit("strategy_selected", { strategy, reasons, ambiguity, stakes, confidence });
  return keep(strategy);
}
