import type { Json } from "../../../core/hash.js";
import type { JsonSchema } from "../../../core/message.js";
import type { ToolOutcome } from "../../../environments/environment.js";
import type {
  ArgumentBinding,
  ArgumentCap,
  Compensation,
  Reversibility,
  ToolArguments,
  ToolCallContext,
} from "../tool.js";

/**
 * A tool in a module of your own; the module exports a list of them as `tools`. Everything but the first four fields has
 * a default.
 */
export interface ToolDeclaration {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** For the model. */
  readonly description: string;
  /** JSON Schema of the arguments object, draft 2020-12 unless `$schema` names draft-07. Checked before each call. */
  readonly parameters: JsonSchema;
  /**
   * Does it. A text or any other JSON value is the result; `{ content, isError: true }` a refusal that the model reads.
   * What it throws is an error of a read; of anything else it is not known then whether it took effect. It gets the
   * identity, a key that is the same for the same effect, and a signal that is aborted at the timeout.
   */
  readonly call: (args: ToolArguments, context: ToolCallContext) => ToolResult | Promise<ToolResult>;
  /** Default `irreversible`. */
  readonly reversibility?: Reversibility;
  /** Scope that the identity must have; default none. */
  readonly permission?: string;
  readonly caps?: readonly ArgumentCap[];
  readonly bindings?: readonly ArgumentBinding[];
  /** Whether the user is asked first; default: before irreversible and capped actions. */
  readonly confirm?: boolean;
  /** Milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Fields of a JSON result that the model may see; default all. */
  readonly resultFields?: readonly string[];
  readonly compensation?: Compensation;
  /** Whether a second call with the same key has no second effect; default no. */
  readonly isIdempotent?: boolean;
  /** Whether a successful call ends the conversation; default no. */
  readonly ends?: boolean;
  /** The outcome of an earlier call with the same key; `null` when it never took effect. */
  readonly lookUp?: (key: string, context: ToolCallContext) => Promise<ToolResult | null>;
}

type ToolResult = Json | ToolOutcome;
