import type { Message } from "../../../core/message.js";
import type { ModelCaller } from "../../model-caller.js";

/** A query as it is searched. */
export interface RewrittenQuery {
  /** Stands on its own; what methods and reranker compare passages with. */
  readonly query: string;
  /** Searched as well, and fused with the first. */
  readonly alternatives: readonly string[];
}

interface RewriteRequest {
  readonly query: string;
  /** The conversation before the query. */
  readonly history: readonly Message[];
  /** Calls the agent's model; absent where there is none. */
  readonly call?: ModelCaller;
}

/** Turns the last message of a conversation into a query that stands on its own. */
export interface QueryRewriter {
  /** Everything that can change a query; part of the agent version. */
  readonly identity: unknown;
  rewrite(request: RewriteRequest): RewrittenQuery | Promise<RewrittenQuery>;
}
