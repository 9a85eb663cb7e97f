import { copyOf, type Dict, dictAt, hasKey, item, str } from "../../tau/python-values.js";
import { argument, type TauTool } from "../../tau/tau-tool.js";

/** Ids of new certificates; a fourth one is not given, and the tool then says nothing. */
const NEW_IDS = ["certificate_3221322", "certificate_3221323", "certificate_3221324"] as const;

export const sendCertificate: TauTool = {
  sideEffect: true,
  invoke: (state, args) => {
    const userId = argument(args, "user_id");
    const user = state.find("users", userId);
    if (user === undefined) return "Error: user not found";
    const id = NEW_IDS.find((candidate) => !hasKey(item(user, "payment_methods"), candidate));
    if (id === undefined) return "None";
    const amount = argument(args, "amount");
    const methods: Dict = dictAt(state.edit("users", userId), "payment_methods");
    methods[id] = { source: "certificate", amount: copyOf(amount), id };
    return `Certificate ${id} added to user ${str(userId)} with amount ${str(amount)}.`;
  },
};
