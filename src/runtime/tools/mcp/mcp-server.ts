import type { CallToolResult } from "@modelcontextprotocol/client";
import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import type { McpEntry } from "../../../config/agent/tools-schema.js";
import { ProviderError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import type { ToolOutcome } from "../../../environments/environment.js";
import { type SecretRedactor, secretRedactor } from "../../../models/secret-redactor.js";
import { refusedCall, type ToolArguments, type ToolCallContext, UnknownOutcomeError } from "../tool.js";
import { connect, type McpConnection } from "./connect.js";
import type { ListedTool } from "./described-tool.js";
import { outcomeOfResult } from "./result-text.js";

export interface McpServerOptions {
  readonly entry: McpEntry;
  readonly env: { readonly [name: string]: string | undefined };
  /** Where a process is started. */
  readonly folder: string;
}

/** JSON-RPC: invalid request, unknown method, invalid arguments. The call was not begun. */
const NOT_BEGUN = [-32600, -32601, -32602];

/**
 * A server whose list of tools is frozen at the start. When it dies it is started anew, a limited number of times; when
 * its tools are others than at the start, none of them is called any more: a tool must not become another one after
 * somebody has looked at it.
 */
export class McpServer {
  private connection: McpConnection | null = null;
  private connecting: Promise<McpConnection> | null = null;
  private frozen: string | null = null;
  /** A list that has to be compared before the next call. */
  private isSuspect = false;
  private refusal: string | null = null;
  private starts = 0;
  private isClosed = false;
  private readonly redactor: SecretRedactor | null;

  constructor(private readonly options: McpServerOptions) {
    this.redactor = secretRedactor(sentSecrets(options));
  }

  /**
   * Connects, and freezes the list of tools.
   *
   * @throws {ProviderError} when the server cannot be reached
   */
  async start(): Promise<readonly ListedTool[]> {
    try {
      const connection = await this.connected();
      const tools = await connection.listTools();
      this.frozen = contentHash(tools);
      return tools;
    } catch (error) {
      await this.close();
      if (error instanceof ProviderError) throw error;
      throw this.unreachable(error);
    }
  }

  /** Of the server's process, while it runs. */
  get pid(): number | null {
    return this.connection?.pid ?? null;
  }

  /**
   * @throws {ProviderError} when the call was certainly not begun
   * @throws {UnknownOutcomeError} when a call with a side effect may have taken effect
   */
  async call(name: string, args: ToolArguments, context: ToolCallContext): Promise<ToolOutcome> {
    const connection = await this.readyConnection();
    if (connection === null) return refusedCall(this.refusal ?? "the server is closed");
    const { idempotencyKey, signal } = context;
    try {
      const result = await connection.client.callTool(
        {
          name,
          arguments: { ...args },
          ...(idempotencyKey === null ? {} : { _meta: { "agentctl/idempotency-key": idempotencyKey } }),
        },
        // The timeout of the tool is kept by the runner; this one only ends what nobody waits for.
        { signal, timeout: 2 * this.options.entry.timeout_ms },
      );
      return this.shown(outcomeOfResult(result as CallToolResult));
    } catch (error) {
      return this.failed(error, idempotencyKey === null, signal);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const { connection } = this;
    this.connection = null;
    await connection?.client.close();
  }

  private async readyConnection(): Promise<McpConnection | null> {
    if (this.refusal !== null || this.isClosed) return null;
    const connection = await this.connected();
    if (this.isSuspect) {
      this.isSuspect = false;
      const tools = await connection.listTools().catch((error: unknown) => {
        throw this.unreachable(error);
      });
      if (contentHash(tools) !== this.frozen) {
        this.refusal = `the server ${this.options.entry.mcp.name} changed its tools since the start; none of them is called any more`;
      }
    }
    return this.refusal === null ? connection : null;
  }

  private async connected(): Promise<McpConnection> {
    if (this.connection !== null) return this.connection;
    this.connecting ??= this.open().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async open(): Promise<McpConnection> {
    const { entry, env, folder } = this.options;
    if (this.starts > entry.max_restarts) {
      throw new ProviderError(
        "PROVIDER_UNAVAILABLE",
        `the server ${entry.mcp.name} stopped ${this.starts} times`,
        {
          nextStep: "look at the server, or raise `max_restarts`",
        },
      );
    }
    this.starts += 1;
    this.isSuspect = this.frozen !== null;
    try {
      const opened = await connect(
        entry.mcp,
        env,
        folder,
        entry.start_timeout_ms,
        () => {
          this.isSuspect = true;
        },
        () => {
          this.connection = null;
        },
      );
      if (this.isClosed) {
        await opened.client.close();
        throw new Error("it was closed while it started");
      }
      this.connection = opened;
      return opened;
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** Some servers show in their errors what they were sent. */
  private shown<T>(value: T): T {
    return this.redactor === null ? value : this.redactor.value(value);
  }

  private failed(error: unknown, isRead: boolean, signal: AbortSignal): ToolOutcome {
    const { name } = this.options.entry.mcp;
    if (error instanceof ProtocolError) {
      const text = `${name} refused the call: ${this.shown(error.message)}`;
      if (isRead || NOT_BEGUN.includes(error.code)) return refusedCall(text);
      throw new UnknownOutcomeError(text, { cause: error });
    }
    if (wasNotSent(error)) throw this.unreachable(error);
    // A session that the server no longer knows: the next call begins a new one.
    if (error instanceof SdkHttpError) this.connection = null;
    const reason = `${name} did not answer (${this.shown(messageOf(error))})`;
    if (isRead && !signal.aborted) return refusedCall(reason);
    throw new UnknownOutcomeError(reason, { cause: error });
  }

  private unreachable(error: unknown): ProviderError {
    const { mcp } = this.options.entry;
    const reason = this.shown(messageOf(error));
    const place = "command" in mcp ? "`command`, `args` and `env_allow`" : "`url` and `headers_env`";
    return new ProviderError(
      "PROVIDER_UNAVAILABLE",
      `the MCP server ${mcp.name} cannot be reached: ${reason}`,
      {
        cause: error,
        isRetryable: true,
        nextStep: `check ${place} of the server`,
      },
    );
  }
}

/** Values of headers, and of variables whose names say that they hold a credential. */
function sentSecrets({ entry: { mcp }, env }: McpServerOptions): readonly string[] {
  const names =
    "command" in mcp
      ? mcp.env_allow.filter((name) => /KEY|TOKEN|SECRET|PASSWORD/i.test(name))
      : Object.values(mcp.headers_env);
  return names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [value, value.replace(/^\w+ +/, "")];
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function wasNotSent(error: unknown): boolean {
  if (error instanceof SdkHttpError) return false;
  if (error instanceof SdkError) return error.code === SdkErrorCode.NotConnected;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}
