import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a puppet writes an answer in its dialect. */
export interface PuppetDialect {
  /** What the user said last, and what stands for the conversation. */
  read(body: unknown): { readonly said: string; readonly session: string; readonly heard: number | null };
  /** A whole response. */
  answer(response: ServerResponse, text: string, extra: Readonly<Record<string, unknown>>): void;
  /** The beginning of one. */
  begin(response: ServerResponse): void;
  readonly garbage: Readonly<Record<string, (response: ServerResponse) => void>>;
}

export interface PuppetServer {
  readonly url: string;
  /** Open connections. */
  readonly held: () => number;
  readonly close: () => Promise<void>;
}

const REPORT = {
  calls: [{ name: "lookup", arguments: { id: 7 }, result: "found" }],
  searches: [{ query: "q", documents: ["doc-1"] }],
  usage: { input_tokens: 11, output_tokens: 3 },
  cost: 0.5,
};

/** The puppet of kind http: does what the last words of the user say. See ../../testing/contract.ts. */
export async function startPuppetServer(dialect: PuppetDialect): Promise<PuppetServer> {
  const heardIn = new Map<string, number>();
  let held = 0;
  const server: Server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const { said, session, heard } = dialect.read(JSON.parse(text));
      heardIn.set(session, (heardIn.get(session) ?? 0) + 1);
      const secret = String(request.headers["x-key"]).replace("Bearer ", "");
      const [deed = "", rest = ""] = /^(\S+) ?([\s\S]*)$/.exec(said)?.slice(1) ?? [];
      const answer = (words: string, extra = {}) => dialect.answer(response, words, extra);
      const deeds: Readonly<Record<string, () => void>> = {
        echo: () => answer(rest),
        count: () => answer(String(heard ?? heardIn.get(session))),
        slow: () => setTimeout(() => answer("slow"), Number(rest)),
        crash: () => {
          if (rest === "middle") dialect.begin(response);
          setTimeout(() => request.socket.destroy(), 20);
        },
        hang: () => {
          if (rest === "middle") dialect.begin(response);
        },
        garbage: () => dialect.garbage[rest]?.(response),
        fail: () => answer("", { error: `no access with ${secret}` }),
        secret: () => answer(`the key is ${secret}`),
        report: () => answer("reported", REPORT),
        silent: () => answer("silent"),
        escalate: () => answer("one moment", { escalated: true }),
      };
      deeds[deed]?.();
    });
  });
  server.on("connection", (socket) => {
    held += 1;
    socket.on("close", () => {
      held -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/talk`,
    held: () => held,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
