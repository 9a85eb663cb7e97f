import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.js";
import { type Listening, startLocalServer } from "../serve/local-server.js";
import type { OpenReview } from "./open-review.js";
import { Annotators } from "./serve-annotators.js";
import { answerRequest } from "./serve-requests.js";

export interface ServeOptions extends Listening {
  readonly clock: Clock;
  /** Told of what is our bug. */
  readonly onFault: (error: unknown) => void;
}

/** A page for labelling that is being served. */
export interface ReviewServer {
  /** With the secret that lets a browser in. */
  readonly url: string;
  /** What whoever started it should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops: answers under way are sent, then every connection is cut. */
  close(): Promise<void>;
}

const REMOTE_WORDS = {
  offer: "let others in the network label",
  warning: "whoever has the link reads the traces and labels",
};

/**
 * Serves a review as a web page. Whoever has the link may label; nobody else may read anything.
 *
 * @throws {UsageError} when the address reaches others and that was not allowed, or cannot be listened on
 */
export async function serveReview(review: OpenReview, options: ServeOptions): Promise<ReviewServer> {
  const { host, clock, onFault } = options;
  const annotators = new Annotators((annotator) => review.session(annotator, "review serve"), clock);
  const token = randomBytes(24).toString("base64url");
  const { judge, mode } = review;
  const { origin, warnings, close } = await startLocalServer(options, REMOTE_WORDS, (port) => {
    const site = { rubric: judge.name, mode, annotators, token, host, port, onFault };
    return (request) => answerRequest(request, site);
  });
  return { url: `${origin}/?token=${token}`, warnings, close };
}
