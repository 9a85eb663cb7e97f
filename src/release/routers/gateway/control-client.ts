import { request as httpRequest, type IncomingMessage } from "node:http";
import { resolve } from "node:path";
import { z } from "zod";
import { RouterError } from "../../../core/errors.js";
import { routerFailed, routerRefused } from "../split-target.js";

/** A call of the control API of a gateway. */
export interface ControlCall {
  readonly method: "GET" | "PUT" | "POST";
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Version that must be in force. */
  readonly ifVersion?: string | undefined;
  /** Longest wait for the answer; 5 s unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const KIND = "gateway";
const TIMEOUT_MS = 5_000;
const START =
  "see whether `agentctl gateway` runs, and whether `control` of release.yaml is its `control.listen`";

const failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), nextStep: z.string() }),
});

/**
 * Where a control API listens.
 *
 * @param control - `unix:PATH`, relative to the folder, or a URL
 * @throws {RouterError} of code `ROUTER_REFUSED` when it is neither, or not of this machine
 */
export function controlAddress(control: string, folder: string): ControlAddress {
  if (control.startsWith("unix:")) return { socketPath: resolve(folder, control.slice(5)) };
  const url = URL.canParse(control) ? new URL(control) : null;
  if (url !== null && url.protocol === "http:" && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)) {
    return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80) };
  }
  throw routerRefused(
    KIND,
    `expected \`control\` to be unix:PATH or a URL of this machine such as http://127.0.0.1:9901, found ${control}`,
    "reach a gateway on another machine through SSH, e.g. ssh -L 9901:127.0.0.1:9901 HOST",
  );
}

type ControlAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Talks to the control API of a gateway. */
export class ControlClient {
  constructor(
    private readonly address: ControlAddress,
    private readonly token: string,
  ) {}

  /** @throws {RouterError} when there is no answer, a refusal, or an answer of another form */
  async call<Schema extends z.ZodType>(call: ControlCall, schema: Schema): Promise<z.output<Schema>> {
    const what = `${call.method} ${call.path}`;
    const { status, text } = await this.send(call).catch((error: NodeJS.ErrnoException) => {
      if (call.signal?.aborted === true) throw error;
      throw routerFailed(KIND, `no answer to ${what}: ${error.code ?? error.message}`, START, error);
    });
    const body = parsed(text);
    if (status !== 200) throw refusal(what, status, body);
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    throw routerFailed(KIND, `${what} was answered by something that is no gateway`, START, result.error);
  }

  private send({ method, path, body, ifVersion, timeoutMs, signal }: ControlCall): Promise<Answer> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const limit = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
    return new Promise((done, fail) => {
      const request = httpRequest({
        ...this.address,
        method,
        path,
        headers: {
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(text),
          ...(ifVersion === undefined ? {} : { "if-match": `"${ifVersion}"` }),
        },
        agent: false,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      request.once("error", fail);
      request.once("response", (response) => {
        readText(response).then((answer) => done({ status: response.statusCode ?? 0, text: answer }), fail);
      });
      request.end(text);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(what: string, status: number, body: unknown): RouterError {
  const told = failure.safeParse(body);
  if (!told.success) return routerFailed(KIND, `${what} was answered ${status}, not by a gateway`, START);
  const { message, nextStep } = told.data.error;
  const options = { nextStep };
  if (status === 412) return new RouterError("ROUTER_CONFLICT", `${KIND}: ${message}`, options);
  const code = status >= 500 ? "ROUTER_FAILED" : "ROUTER_REFUSED";
  return new RouterError(code, `${KIND}: ${what}: ${message}`, options);
}
