import { EXIT, type ExitCode } from "./exit-codes.js";

/** One thing wrong with a user's file: where, what was found, what is wanted, what to do. */
export interface Problem {
  /** File path, or another name of the place such as a flag. */
  readonly file: string;
  /** 1-based line, when the place is a text file. */
  readonly line?: number;
  /** What was found and what is wanted, e.g. `expected "id" to be unique; also on line 4`. */
  readonly message: string;
}

/** Renders a problem as `file:line message`. */
function renderProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return `${place} ${problem.message}`;
}

/** Base of every error that agentctl raises on purpose; anything else is a bug (exit 70). */
export abstract class AgentctlError extends Error {
  /** Stable identifier, documented in `docs/errors.md`. */
  abstract readonly code: string;
  abstract readonly exitCode: ExitCode;
  /** Whether the same call may succeed later without a change. */
  readonly isRetryable: boolean = false;
  /** What the user can do next; printed on its own line. */
  readonly nextStep: string | undefined;

  constructor(message: string, options: { cause?: unknown; nextStep?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.nextStep = options.nextStep;
  }
}

/** Wrong flags or arguments. */
export class UsageError extends AgentctlError {
  readonly code = "USAGE";
  readonly exitCode = EXIT.userError;
}

function joinProblems(problems: readonly Problem[]): string {
  return problems.map(renderProblem).join("\n");
}

/** A configuration file (agentctl.yaml, agent, gates, judge) that cannot be used. */
export class ConfigError extends AgentctlError {
  readonly code = "CONFIG_INVALID";
  readonly exitCode = EXIT.userError;
  readonly problems: readonly Problem[];

  /** @param problems - every problem of the file at once, at least one */
  constructor(problems: readonly Problem[], options: { cause?: unknown; nextStep?: string } = {}) {
    super(joinProblems(problems), options);
    this.problems = problems;
  }
}

/** A dataset, recording or cassette file that cannot be used. */
export class DatasetError extends AgentctlError {
  readonly code = "DATASET_INVALID";
  readonly exitCode = EXIT.userError;
  readonly problems: readonly Problem[];

  /** @param problems - every problem of the file at once, at least one */
  constructor(problems: readonly Problem[], options: { cause?: unknown; nextStep?: string } = {}) {
    super(joinProblems(problems), options);
    this.problems = problems;
  }
}

/** A model provider that could not answer. */
export class ProviderError extends AgentctlError {
  readonly code: ProviderErrorCode;
  readonly exitCode = EXIT.infrastructure;
  override readonly isRetryable: boolean;
  /** HTTP status, when there was a response. */
  readonly status: number | undefined;
  /** Milliseconds that the provider asked to wait (Retry-After), when it did. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ProviderErrorCode,
    message: string,
    options: {
      cause?: unknown;
      nextStep?: string;
      isRetryable?: boolean;
      status?: number;
      retryAfterMs?: number;
    } = {},
  ) {
    super(message, options);
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type ProviderErrorCode =
  | "PROVIDER_RATE_LIMITED"
  | "PROVIDER_UNAVAILABLE"
  | "PROVIDER_TIMEOUT"
  | "PROVIDER_BAD_RESPONSE"
  | "PROVIDER_REJECTED"
  | "PROVIDER_AUTH"
  | "PROVIDER_ABORTED"
  | "AGENT_FAILED"
  | "REPLAY_MISS"
  | "RECORDING_CRASHED";

/** The run store could not be read or written. */
export class StoreError extends AgentctlError {
  readonly code = "STORE_FAILED";
  readonly exitCode = EXIT.infrastructure;
}

/** GitHub or GitLab did not do what a CI job asked for. */
export class CodeHostError extends AgentctlError {
  readonly code = "CODE_HOST_FAILED";
  readonly exitCode = EXIT.infrastructure;
  override readonly isRetryable: boolean;
  /** HTTP status, when there was a response. */
  readonly status: number | undefined;
  /** Milliseconds that the host asked to wait (Retry-After), when it did. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: {
      nextStep?: string;
      isRetryable?: boolean;
      status?: number;
      retryAfterMs?: number;
    } = {},
  ) {
    super(message, options);
    this.isRetryable = options.isRetryable ?? false;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A conversation that cannot be opened, or not written now. */
export class SessionError extends AgentctlError {
  readonly code: SessionErrorCode;
  readonly exitCode: ExitCode;
  override readonly isRetryable: boolean;

  constructor(code: SessionErrorCode, message: string, options: { cause?: unknown; nextStep?: string } = {}) {
    super(message, options);
    this.code = code;
    this.isRetryable = code === "SESSION_BUSY" || code === "SESSION_CONFLICT";
    this.exitCode = this.isRetryable ? EXIT.infrastructure : EXIT.userError;
  }
}

export type SessionErrorCode =
  | "SESSION_BUSY"
  | "SESSION_CONFLICT"
  | "SESSION_UNKNOWN"
  | "SESSION_EXISTS"
  | "SESSION_AGENT_CHANGED";

/** A release that cannot be started or moved on. */
export class ReleaseError extends AgentctlError {
  readonly code: ReleaseErrorCode;
  readonly exitCode: ExitCode;

  constructor(code: ReleaseErrorCode, message: string, options: { cause?: unknown; nextStep?: string } = {}) {
    super(message, options);
    this.code = code;
    this.exitCode = code === "RELEASE_FENCED" ? EXIT.infrastructure : EXIT.userError;
  }
}

export type ReleaseErrorCode =
  | "RELEASE_UNKNOWN"
  | "RELEASE_LIVE"
  | "RELEASE_REFUSED"
  | "RELEASE_FORBIDDEN"
  | "RELEASE_FENCED";

/** A traffic router that did not do what was asked. */
export class RouterError extends AgentctlError {
  readonly code: RouterErrorCode;
  readonly exitCode = EXIT.infrastructure;
  override readonly isRetryable: boolean;

  constructor(code: RouterErrorCode, message: string, options: { cause?: unknown; nextStep?: string } = {}) {
    super(message, options);
    this.code = code;
    this.isRetryable = code === "ROUTER_FAILED";
  }
}

export type RouterErrorCode =
  /** It could not be reached, or did not confirm; the same call may succeed later. */
  | "ROUTER_FAILED"
  /** Somebody else changed the split. */
  | "ROUTER_CONFLICT"
  /** It is not set up for that: a backend, a file or a right is missing. */
  | "ROUTER_REFUSED";
