import { type Clock, systemClock } from "../../../core/clock.js";
import type { Emit } from "../../../core/events.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { ToolOutcome } from "../../../environments/environment.js";
import { memoryLog } from "../../conversation-log.js";
import type { Tool, ToolArguments } from "../../tools/tool.js";
import { type LedgerSettings, ledgerPart } from "../ledger-part.js";
import type { LedgerStore } from "../ledger-store.js";
import { memoryLedgerStore } from "../memory-ledger-store.js";
import { invocationOf } from "./test-tools.js";

const SETTINGS: LedgerSettings = {
  onFailure: "keep",
  repeats: "turn",
  reconcileAttempts: 2,
  reconcileWaitMs: 0,
  settleMs: 0,
};

interface SceneOptions {
  readonly store?: LedgerStore;
  readonly clock?: Clock;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** A conversation whose tools count their calls. */
export function scene(
  tools: readonly Tool[],
  settings: Partial<LedgerSettings> = {},
  { store = memoryLedgerStore(), clock = systemClock, sleep = async () => {} }: SceneOptions = {},
) {
  const log = memoryLog([{ role: "user", content: "please" }]);
  const events: { type: string; payload: unknown }[] = [];
  const emit: Emit = (type, payload) => void events.push({ type, payload });
  const calls: string[] = [];
  const counted = tools.map(
    (tool): Tool => ({
      ...tool,
      call: (args, context) => {
        calls.push(`${tool.spec.name}${JSON.stringify(args)}`);
        return tool.call(args, context);
      },
    }),
  );
  const part = ledgerPart({
    settings: { ...SETTINGS, ...settings },
    store: () => store,
    sleep,
  });
  const open = () =>
    part.open({
      agentName: "a",
      conversationId: "c1",
      traceId: "t",
      identity: ANONYMOUS,
      clock,
      emit,
      log,
      tools: counted,
      signal: new AbortController().signal,
      help: () => Promise.reject(new Error("nobody asks")),
    });
  let hooks = open();
  let step = 0;
  const callAt = async (at: number, name: string, args: ToolArguments = {}): Promise<ToolOutcome> => {
    const tool = counted.find(({ spec }) => spec.name === name) as Tool;
    const invocation = invocationOf(tool, args, at);
    const next = () => tool.call(args, invocation.context);
    return (await hooks.toolLayer?.(invocation, next)) as ToolOutcome;
  };
  return {
    log,
    calls,
    events,
    callAt,
    call: (name: string, args?: ToolArguments) => callAt(step++, name, args),
    reply: async () => hooks.onReply?.("All done!"),
    hooks: () => hooks,
    /** The process died and another one goes on. */
    restart: () => {
      hooks = open();
    },
    say: async (content: string) => {
      await hooks.onUserMessage?.(content);
      log.append({ role: "user", content });
    },
    statuses: () => store.effects("c1").map(({ tool, status }) => `${tool} ${status}`),
  };
}
