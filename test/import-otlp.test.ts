import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { estimate, type ImportCli, importCli } from "./import-cli.js";

const AGENT = join(import.meta.dirname, "../src/runtime/external/otlp/__fixtures__/agent.jsonl");

let cli: ImportCli;
beforeAll(async () => {
  cli = await importCli();
});

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const number = (key: string, intValue: number) => ({ key, value: { intValue } });

let spans = 0;

/** A line with the trace of one turn, as the collector writes it. */
function turn(
  trace: number,
  said: string,
  answer: string,
  { conversation, root = true }: { readonly conversation?: string; readonly root?: boolean } = {},
): string {
  const traceId = String(trace).padStart(32, "a");
  const rootId = (++spans).toString(16).padStart(16, "0");
  const message = (role: string, content: string) =>
    JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
  const times = { startTimeUnixNano: `${trace}000000000`, endTimeUnixNano: `${trace}500000000` };
  const chat = {
    traceId,
    spanId: (++spans).toString(16).padStart(16, "0"),
    parentSpanId: rootId,
    name: "chat",
    ...times,
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", "gpt-4o"),
      number("gen_ai.usage.input_tokens", 1000),
      number("gen_ai.usage.output_tokens", 100),
      text("gen_ai.input.messages", message("user", said)),
      text("gen_ai.output.messages", message("assistant", answer)),
    ],
  };
  const enclosing = {
    traceId,
    spanId: rootId,
    name: "invoke_agent",
    ...times,
    attributes: conversation === undefined ? [] : [text("gen_ai.conversation.id", conversation)],
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: root ? [chat, enclosing] : [chat] }] }] });
}

describe("import otlp", () => {
  it("reads what an exporter wrote, with tokens, cost and time", async () => {
    const report = await cli.importRun("otlp", AGENT);
    expect(report.run).toMatchObject({ agentName: "support" });
    expect(report.totals).toMatchObject({ completed: 1, errors: 0 });
    expect(estimate(report, "steps")?.value).toBe(2);
    expect(estimate(report, "tokens.total")?.value).toBe(2350);
    expect(estimate(report, "cost.total_usd")?.value).toBeCloseTo(0.00325 + 0.0035, 12);
    expect(estimate(report, "latency.p50_ms")?.value).toBe(910);
  });

  it("grades conversations by the cases that begin alike, one trial for each", async () => {
    const file = cli.file(
      "traces.jsonl",
      [
        turn(1, "Where is order 7?", "It has shipped."),
        turn(2, "Where is order 7?", "I do not know."),
        turn(3, "Hello", "Hi."),
        turn(4, "Cancel it.", "Sure?", { conversation: "c" }),
        turn(5, "Yes.", "It is cancelled.", { conversation: "c" }),
        turn(6, "Where is order 7?", "It has shipped.", { root: false }),
      ].join("\n"),
    );
    const cases = cli.file(
      "cases.jsonl",
      `${[
        { id: "where", input: "Where is order 7?", expect: { must_include: ["shipped"] } },
        {
          id: "cancel",
          input: { user: { goal: "Cancel.", script: ["Cancel it.", "Yes."] } },
          expect: { must_include: ["cancelled"] },
        },
      ]
        .map((one) => JSON.stringify(one))
        .join("\n")}\n`,
    );
    const report = await cli.importRun("otlp", file, "--cases", cases);
    expect(report.totals).toMatchObject({ passed: 2, failed: 1, errors: 1 });
    expect(report.run.notes).toContain("conversations that begin like no case were left out: 1");
    expect(report.run.model).toBe("gpt-4o");
  });

  it("reads a whole export that is spread over lines, and counts what stands twice once", async () => {
    const line = turn(7, "Hello", "Hi.");
    const spread = cli.file("spread.json", JSON.stringify(JSON.parse(line), null, 2));
    expect((await cli.importRun("otlp", spread)).totals).toMatchObject({ completed: 1 });
    const twice = cli.file("twice.jsonl", `${line}\n${line}\n`);
    const report = await cli.importRun("otlp", twice);
    expect(report.totals).toMatchObject({ completed: 1 });
    expect(report.run.notes).toEqual(["spans that stood twice count once: 2"]);
  });

  it("says which lines are no exports, without a word of what they hold", async () => {
    const file = cli.file("broken.jsonl", `${turn(8, "a", "b")}\n{"resourceSpans":"private"}\nprivate\n`);
    const failed = await cli.fails("otlp", file);
    expect(failed).toContain(
      "broken.jsonl:2 is no export of spans in OTLP/JSON: expected a list as resourceSpans",
    );
    expect(failed).toContain("broken.jsonl:3 is no export of spans in OTLP/JSON: the body is not valid JSON");
    expect(failed).not.toContain("private");
  });
});
