import type { IncomingMessage } from "node:http";
import { AgentctlError, StoreError, UsageError } from "../../core/errors.js";
import { messagePage } from "../../report/view/message-page.js";
import { framed, type ViewPage } from "../../report/view/view-frame.js";
import { cookieOf, isFromOwnPage, isOwnHost, isSameSecret } from "../serve/access.js";
import type { Answer } from "../serve/local-server.js";
import { viewCase, viewTrial } from "./case-views.js";
import { viewComparison, viewTrends } from "./comparison-views.js";
import { RunStandings } from "./run-standings.js";
import { viewRun, viewRuns } from "./run-views.js";
import { NothingThere, type ViewReply, type ViewRequest, type ViewSite } from "./view-site.js";

const ROUTES: readonly (readonly [RegExp, (site: ViewSite, request: ViewRequest) => ViewReply])[] = [
  [/^\/$/, viewRuns],
  [/^\/runs\/([^/]+)$/, viewRun],
  [/^\/runs\/([^/]+)\/cases\/([^/]+)\/trials\/([^/]+)$/, viewTrial],
  [/^\/cases\/([^/]+)$/, viewCase],
  [/^\/compare$/, viewComparison],
  [/^\/trends$/, viewTrends],
];

/** Who may ask, and who is told of what goes wrong. */
interface ViewDoor {
  /** Address that the server listens on. */
  readonly host: string;
  readonly port: number;
  /** Secret of the printed link. */
  readonly token: string;
  /** Secret of the cookie of every browser that opened it. */
  readonly key: string;
  /** Told of what is our bug; the browser learns only that something went wrong. */
  readonly onFault: (error: unknown) => void;
}

/** What answers requests. Nothing is ever written. */
export function viewAnswers(
  parts: Omit<ViewSite, "standings">,
  door: ViewDoor,
): (request: IncomingMessage) => Answer {
  const { store, catalogue, project, workingDirectory, clock } = parts;
  const standings = new RunStandings(store, catalogue, project, workingDirectory, clock);
  const site = { ...parts, standings };
  return (request) => {
    try {
      return route(request, site, door);
    } catch (error) {
      return failed(error, door);
    }
  };
}

function route(request: IncomingMessage, site: ViewSite, door: ViewDoor): Answer {
  const { method = "", headers } = request;
  if (!isOwnHost(headers.host, door.host, door.port)) return plain(421, "This server has another name.");
  if (method !== "GET" && method !== "HEAD") {
    return shown(
      405,
      messagePage("Nothing can be changed here", "This server is for reading: GET and HEAD."),
      {
        allow: "GET, HEAD",
      },
    );
  }
  // By hand: what a client may send here need be no URL.
  const [path = "", search = ""] = (request.url ?? "/").split("?", 2);
  const query = new URLSearchParams(search);
  const given = query.get("token");
  if (given !== null && isSameSecret(given, door.token)) return letIn(path, query, door);
  if (!isSameSecret(cookieOf(headers.cookie, cookieName(door)), door.key)) {
    return plain(403, "Open the whole link that `agentctl view` printed, with its token.");
  }
  if (query.has("part") && !isFromOwnPage(headers)) return plain(403, "Only this server's own page may ask.");
  for (const [pattern, view] of ROUTES) {
    const found = pattern.exec(path);
    if (found === null) continue;
    return answered(view(site, { names: found.slice(1).map(decoded), query }));
  }
  throw new NothingThere("There is no such page.");
}

/** The secret goes into a cookie, and out of the address, which is copied and remembered. */
function letIn(path: string, query: URLSearchParams, door: ViewDoor): Answer {
  query.delete("token");
  const rest = query.toString();
  // Lax, not Strict: a link in a chat must open. Nothing here changes anything, so there is nothing to forge.
  const cookie = `${cookieName(door)}=${door.key}; HttpOnly; SameSite=Lax; Path=/`;
  // One slash: a path that begins with two names another server.
  const location = `/${path.replace(/^[/\\]+/, "")}${rest === "" ? "" : `?${rest}`}`;
  return redirect(location, { "set-cookie": cookie });
}

/** Cookies are told apart by host alone: another history on this machine must not take this one's. */
function cookieName({ port }: ViewDoor): string {
  return `agentctl_view_${port}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new NothingThere("There is no such page.");
  }
}

function answered(reply: ViewReply): Answer {
  if ("location" in reply) return redirect(reply.location);
  if ("page" in reply) return shown(200, reply.page);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(reply.data),
  };
}

function failed(error: unknown, { onFault }: ViewDoor): Answer {
  if (error instanceof NothingThere) return shown(404, messagePage("Not found", error.message));
  if (error instanceof StoreError) {
    return shown(503, messagePage("The run history cannot be read", error.message, error.nextStep ?? null));
  }
  if (error instanceof AgentctlError) {
    const title =
      error instanceof UsageError ? "This cannot be shown" : "A file of the project cannot be read";
    return shown(400, messagePage(title, error.message, error.nextStep ?? null));
  }
  onFault(error);
  return shown(500, messagePage("Something went wrong", "The terminal of the server says what."));
}

function shown(status: number, page: ViewPage, headers: Answer["headers"] = {}): Answer {
  const { html, policy } = framed(page);
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cross-origin-opener-policy": "same-origin",
      "x-frame-options": "DENY",
      ...headers,
    },
    body: html,
  };
}

function redirect(location: string, headers: Answer["headers"] = {}): Answer {
  return { status: 303, headers: { location, ...headers }, body: "" };
}

function plain(status: number, text: string): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
