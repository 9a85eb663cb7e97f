// The puppet of kind module: does what the last words of the user say. See ../../testing/contract.ts.

/** How many functions are at work in this process; read by the fixture. */
const running = Symbol.for("agentctl.puppet.running");

const garbage = {
  undefined: () => undefined,
  null: () => null,
  number: () => 7,
  list: () => ["text"],
  "wrong-text": () => ({ text: 7 }),
  "no-text": () => ({ usage: { inputTokens: 1, outputTokens: 1 } }),
  "wrong-report": () => ({ text: "x", toolCalls: [{ arguments: 3 }] }),
  "wrong-usage": () => ({ text: "x", usage: { inputTokens: -1, outputTokens: "many" } }),
  getter: () => ({
    get text() {
      throw new Error("no text for you");
    },
  }),
  stream: async function* () {
    yield { text: 7 };
  },
};

const deeds = {
  echo: (rest) => rest,
  count: (_, { messages }) => String(messages.filter(({ role }) => role === "user").length),
  slow: async (ms, _, { signal }) => {
    await until(signal, Number(ms));
    return "slow";
  },
  crash: async (when, _, { stream, env }) => {
    if (when === "middle") stream("half an ans");
    throw new Error(`boom with ${env.PUPPET_SECRET}`);
  },
  hang: async (when, _, { stream, signal }) => {
    if (when === "middle") stream("half an ans");
    await until(signal);
    return "too late";
  },
  garbage: (name) => garbage[name](),
  fail: (_rest, _input, { env }) => {
    throw new Error(`no access with ${env.PUPPET_SECRET}`);
  },
  secret: (_rest, _input, { env }) => `the key is ${env.PUPPET_SECRET}`,
  report: () => ({
    text: "reported",
    toolCalls: [{ name: "lookup", arguments: { id: 7 }, result: "found" }],
    retrievals: [{ query: "q", documents: ["doc-1"] }],
    usage: { inputTokens: 11, outputTokens: 3 },
    costUsd: 0.5,
  }),
  silent: () => "silent",
  escalate: () => ({ text: "one moment", escalated: true }),
};

function until(signal, ms) {
  return new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export default async function puppet(input, context) {
  const [deed = "", rest = ""] = /^(\S+) ?([\s\S]*)$/.exec(input.message)?.slice(1) ?? [];
  globalThis[running] = (globalThis[running] ?? 0) + 1;
  try {
    return await deeds[deed](rest, input, context);
  } finally {
    globalThis[running] -= 1;
  }
}
