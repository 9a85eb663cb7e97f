import type { AgentErrors } from "../agent-errors.js";
import { askingReply } from "../asking-reply.js";
import type {
  ExchangeOptions,
  ExternalConversation,
  ExternalMessage,
  ExternalReply,
  ExternalSession,
} from "../external-agent.js";
import type { AgentFunction } from "./agent-function.js";
import { type FunctionNews, FunctionRun } from "./function-run.js";
import { readAnswer, WrongAnswer } from "./read-answer.js";

export interface ModuleTarget {
  readonly run: AgentFunction;
  readonly env: { readonly [name: string]: string | undefined };
  readonly replyTimeoutMs: number;
  readonly errors: AgentErrors;
}

/** A conversation with a function in this process: each message of the user is one call of it. */
export class ModuleSession implements ExternalSession {
  private running: FunctionRun | null = null;
  private calls = 0;

  constructor(
    private readonly target: ModuleTarget,
    private readonly conversation: ExternalConversation,
  ) {}

  async exchange(said: ExternalMessage, options: ExchangeOptions): Promise<ExternalReply> {
    const { errors } = this.target;
    if (options.signal.aborted) throw errors.aborted();
    const run = this.runOf(said, options);
    const news = await this.within(options.signal, run);
    if (news.kind === "calls") return askingReply(news.calls);
    this.running = null;
    if (news.kind === "failed" && !(news.error instanceof WrongAnswer)) {
      throw errors.failed("threw an error", wordsOf(news.error));
    }
    try {
      if (news.kind === "failed") throw news.error;
      return { calls: [], ...readAnswer(news.answer, run.streamed, news.reports) };
    } catch (error) {
      if (!(error instanceof WrongAnswer))
        throw errors.failed("gave an answer that cannot be read", wordsOf(error));
      throw errors.badReply(error.message, "docs/bring-your-own-agent.md says what a function may answer.");
    }
  }

  close(): Promise<void> {
    this.running?.stop();
    this.running = null;
    return Promise.resolve();
  }

  private runOf(said: ExternalMessage, { onText }: ExchangeOptions): FunctionRun {
    if (said.kind === "results" && this.running !== null) {
      this.running.answer(said.results);
      return this.running;
    }
    const { run, env } = this.target;
    this.running?.stop();
    this.running = new FunctionRun({
      run,
      said,
      conversation: this.conversation,
      env,
      nextCallId: () => `call-${this.calls++}`,
      onText,
    });
    return this.running;
  }

  /** Nothing can end a function from outside: at a timeout it is told to stop, and left to itself. */
  private async within(signal: AbortSignal, run: FunctionRun): Promise<FunctionNews> {
    const { errors, replyTimeoutMs } = this.target;
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        act();
      };
      const stop = (error: Error) =>
        finish(() => {
          run.stop();
          reject(error);
        });
      const onAbort = () => stop(errors.aborted());
      const timer = setTimeout(
        () => stop(errors.timeout(`gave no reply within ${replyTimeoutMs} ms`, "reply_timeout_ms")),
        replyTimeoutMs,
      );
      signal.addEventListener("abort", onAbort, { once: true });
      run.next().then(
        (news) => finish(() => resolve(news)),
        (error: unknown) => finish(() => reject(error)),
      );
    });
  }
}

function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "";
  }
}
