import { calculate } from "./calculate.js";
import { PythonError } from "./python-error.js";
import { argument, type TauTool } from "./tau-tool.js";

/** Tools that both domains have and that touch no record. */
export const commonTools = {
  calculate: {
    sideEffect: false,
    invoke: (_state, args) => {
      const expression = argument(args, "expression");
      if (typeof expression !== "string") throw new PythonError("expected the expression to be a text");
      return calculate(expression);
    },
  },
  think: { sideEffect: false, invoke: () => "" },
  transfer_to_human_agents: { sideEffect: false, ends: true, invoke: () => "Transfer successful" },
} as const satisfies { readonly [name: string]: TauTool };
