import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ZodError } from "zod";
import { AgentctlError, StoreError } from "../../core/errors.js";
import type { ReviewMode } from "../../judge/review/review-plan.js";
import { REVIEW_PAGE, REVIEW_POLICY } from "../../report/review-page/review-page.js";
import type { ReviewRefusal, ReviewState } from "../../report/review-page/review-view.js";
import { RefusedBody, readBody } from "../../runtime/external/otlp/read-body.js";
import { cookieOf, isFromOwnPage, isOwnHost, isSameSecret } from "../serve/access.js";
import type { Answer } from "../serve/local-server.js";
import type { ReviewSession } from "./review-session.js";
import { actOn, isReviewAction, signInBody } from "./serve-actions.js";
import type { Annotators } from "./serve-annotators.js";

const MOST_BODY_BYTES = 64 * 1024;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** What requests are answered from. */
export interface ReviewSite {
  readonly rubric: string;
  readonly mode: ReviewMode;
  readonly annotators: Annotators;
  /** Secret of the printed link. */
  readonly token: string;
  /** Address that the server listens on. */
  readonly host: string;
  readonly port: number;
  /** Told of what is our bug; the browser learns only that something went wrong. */
  readonly onFault: (error: unknown) => void;
}

/** Answers one request. Labels that it brought are written when it returns. */
export async function answerRequest(request: IncomingMessage, site: ReviewSite): Promise<Answer> {
  try {
    return await route(request, site);
  } catch (error) {
    if (error instanceof RefusedBody) return refusal(error.status, { error: error.message });
    if (error instanceof SyntaxError) return refusal(400, { error: "The body is not JSON." });
    if (error instanceof ZodError) return refusal(400, { error: "The body is not what this request wants." });
    if (error instanceof StoreError) return refusal(503, { error: `Nothing was saved: ${error.message}` });
    if (error instanceof AgentctlError) return refusal(400, { error: error.message });
    if (!request.complete) throw error;
    site.onFault(error);
    return refusal(500, { error: "Something went wrong in the server; its terminal says what." });
  }
}

async function route(request: IncomingMessage, site: ReviewSite): Promise<Answer> {
  const { host, cookie } = request.headers;
  if (!isOwnHost(host, site.host, site.port)) return plain(421, "This server has another name.");
  // By hand: what a client may send here need be no URL.
  const [path = "", query = ""] = (request.url ?? "/").split("?", 2);
  if (path === "/") return page(request, new URLSearchParams(query).get("token"), site);
  if (!isFromOwnPage(request.headers)) return refusal(403, { error: "Only this server's own page may ask." });
  const browser = cookieOf(cookie, browserCookie(site));
  if (!site.annotators.sees(browser)) return refusal(401, { error: "Open the link that was printed." });
  const name = /^\/api\/([a-z-]+)$/.exec(path)?.[1] ?? "";
  if (name === "item" || name === "progress") {
    return request.method === "GET" ? read(name, request, browser, site) : wrongMethod("GET");
  }
  if (name !== "sign-in" && name !== "sign-out" && !isReviewAction(name))
    return refusal(404, { error: "There is nothing here." });
  if (request.method !== "POST") return wrongMethod("POST");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    return refusal(415, { error: "Only JSON is read here." });
  const text = new TextDecoder().decode(await readBody(request, MOST_BODY_BYTES));
  const body: unknown = JSON.parse(text);
  if (name === "sign-in") return signIn(body, browser, site);
  if (name === "sign-out") {
    site.annotators.signOut(browser);
    return json(200, stateOf(null, site, { suggestedName: suggestedName(request) }));
  }
  const session = site.annotators.sessionOf(browser);
  if (session === null) return refusal(409, { error: "Sign in first.", state: stateOf(null, site, {}) });
  const outcome = actOn(session, name, body);
  if ("note" in outcome) return json(200, stateOf(session, site, { note: outcome.note }));
  const { refusal: refused } = outcome;
  return refused.reason === "other-item"
    ? refusal(409, { ...refused, state: stateOf(session, site, {}) })
    : refusal(400, refused);
}

/** The link's secret lets a browser in; from then on its cookie does, which no script and no other site can send or read. */
function page(request: IncomingMessage, given: string | null, site: ReviewSite): Answer {
  if (request.method !== "GET") return wrongMethod("GET");
  const isKnown = site.annotators.sees(cookieOf(request.headers.cookie, browserCookie(site)));
  if (!isKnown && (given === null || !isSameSecret(given, site.token))) {
    return plain(403, "Open the whole link that `agentctl review serve` printed, with its token.");
  }
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": REVIEW_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
  };
  if (isKnown) return { status: 200, headers, body: REVIEW_PAGE };
  const id = randomBytes(32).toString("base64url");
  site.annotators.add(id);
  const cookie = `${browserCookie(site)}=${id}; HttpOnly; SameSite=Strict; Path=/`;
  return { status: 200, headers: { ...headers, "set-cookie": cookie }, body: REVIEW_PAGE };
}

function read(
  name: "item" | "progress",
  request: IncomingMessage,
  browser: string,
  site: ReviewSite,
): Answer {
  const session = site.annotators.sessionOf(browser);
  if (name === "progress") return json(200, { progress: session?.progress() ?? null });
  return json(200, stateOf(session, site, { suggestedName: suggestedName(request) }));
}

function signIn(body: unknown, browser: string, site: ReviewSite): Answer {
  const { name, isSure } = signInBody.parse(body);
  const session = site.annotators.signIn(browser, name, isSure);
  if (session === null) {
    return refusal(409, {
      error: `“${name.trim()}” is labelling in another window. Take another name, unless that is you.`,
      reason: "name-in-use",
    });
  }
  const cookie = `${NAME_COOKIE}=${encodeURIComponent(session.annotator)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${YEAR_SECONDS}`;
  const answer = json(200, stateOf(session, site, { warnings: session.warnings }));
  return { ...answer, headers: { ...answer.headers, "set-cookie": cookie } };
}

function stateOf(
  session: ReviewSession | null,
  { rubric, mode }: ReviewSite,
  said: Partial<Pick<ReviewState, "note" | "warnings" | "suggestedName">>,
): ReviewState {
  return {
    rubric,
    mode,
    annotator: session?.annotator ?? null,
    suggestedName: said.suggestedName ?? "",
    warnings: said.warnings ?? [],
    item: session?.current() ?? null,
    progress: session?.progress() ?? null,
    note: said.note ?? null,
  };
}

const NAME_COOKIE = "agentctl_annotator";

/** Cookies are told apart by host alone: another review on this machine must not take this one's. */
function browserCookie({ port }: ReviewSite): string {
  return `agentctl_review_${port}`;
}

function suggestedName(request: IncomingMessage): string {
  return cookieOf(request.headers.cookie, NAME_COOKIE);
}

function wrongMethod(allow: string): Answer {
  const answer = refusal(405, { error: `Only ${allow} is answered here.` });
  return { ...answer, headers: { ...answer.headers, allow } };
}

function refusal(status: number, body: ReviewRefusal): Answer {
  return json(status, body);
}

function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  };
}

function plain(status: number, text: string): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
