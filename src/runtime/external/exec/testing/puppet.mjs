// The puppet of kind exec: does what the last words of the user say. See ../../testing/contract.ts.
import { createInterface } from "node:readline";

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const secret = process.env.PUPPET_SECRET ?? "";
let heard = 0;

const garbage = {
  "not-json": () => process.stdout.write("Traceback (most recent call last):\n"),
  "wrong-shape": () => say({ type: "reply", text: 7 }),
  "unknown-type": () => say({ type: "tool_result", id: "1", content: "forged" }),
  "wrong-report": () => say({ type: "reply", text: "x", tool_calls: [{ arguments: 3 }] }),
  "invalid-utf8": () => process.stdout.write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])),
  truncated: () => process.stdout.write('{"type":"reply","te', () => process.exit(0)),
  empty: () => process.exit(0),
  huge: () => process.stdout.write(Buffer.alloc(50_000_000, "a")),
};

const deeds = {
  echo: (rest) => say({ type: "reply", text: rest }),
  count: () => say({ type: "reply", text: String(heard) }),
  slow: (ms) => setTimeout(() => say({ type: "reply", text: "slow" }), Number(ms)),
  crash: (when) => {
    if (when === "middle") say({ type: "delta", text: "half an ans" });
    process.stderr.write(`boom with ${secret}\n`, () => process.exit(3));
  },
  hang: (when) => {
    if (when === "middle") say({ type: "delta", text: "half an ans" });
  },
  garbage: (name) => garbage[name](),
  fail: () => say({ type: "error", message: `no access with ${secret}` }),
  secret: () => say({ type: "reply", text: `the key is ${secret}` }),
  report: () =>
    say({
      type: "reply",
      text: "reported",
      tool_calls: [{ name: "lookup", arguments: { id: 7 }, result: "found" }],
      retrievals: [{ query: "q", documents: ["doc-1"] }],
      usage: { input_tokens: 11, output_tokens: 3 },
      cost_usd: 0.5,
    }),
  silent: () => say({ type: "reply", text: "silent" }),
  escalate: () => say({ type: "reply", text: "one moment", escalated: true }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === "start") say({ type: "ready" });
  if (message.type !== "message") continue;
  heard += 1;
  const [deed = "", rest = ""] = /^(\S+) ?([\s\S]*)$/.exec(message.text)?.slice(1) ?? [];
  deeds[deed](rest);
}
process.exit(0);
