import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: string };
}

export interface GithubServer {
  readonly apiUrl: string;
  readonly comments: StoredComment[];
  /** Method and path of every request, in order. */
  readonly requests: string[];
  /** Values of the header `authorization` that were seen. */
  readonly tokens: Set<string>;
  close(): Promise<void>;
}

interface ServerOptions {
  /** Status to answer the n-th request (from 1) with, instead of doing what it asks. */
  readonly statusOf?: (request: number, line: string) => number | undefined;
  /** Comments that are there. */
  readonly comments?: readonly StoredComment[];
}

/** The part of GitHub's REST API that comments need, on loopback; the token is that of an app, as in a job. */
export async function startGithubServer(options: ServerOptions = {}): Promise<GithubServer> {
  const comments: StoredComment[] = [...(options.comments ?? [])];
  const requests: string[] = [];
  const tokens = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const line = `${request.method} ${request.url}`;
      requests.push(line);
      tokens.add(request.headers.authorization ?? "");
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, {
          "content-type": "application/json",
          ...(status === 503 ? { "retry-after": "0" } : {}),
        });
        response.end(JSON.stringify(value));
      };
      const forced = options.statusOf?.(requests.length, line);
      if (forced !== undefined) return answer(forced, { message: `said ${request.headers.authorization}` });
      const text = Buffer.concat(chunks).toString("utf8");
      const { body = "" } = text === "" ? {} : (JSON.parse(text) as { body?: string });
      const url = new URL(request.url ?? "", "http://localhost");
      if (url.pathname === "/user") return answer(403, { message: "Resource not accessible by integration" });
      const id = Number(/^\/repos\/octo\/shop\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1]);
      const found = comments.find((one) => one.id === id);
      if (request.method === "PATCH" && found !== undefined) {
        found.body = body;
        return answer(200, withUrl(found));
      }
      if (url.pathname !== "/repos/octo/shop/issues/7/comments") return answer(404, { message: "Not Found" });
      if (request.method === "GET") {
        const [size, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name)));
        const start = (size ?? 0) * ((page ?? 1) - 1);
        return answer(200, comments.slice(start, start + (size ?? 0)).map(withUrl));
      }
      const created = {
        id: 1000 + comments.length,
        body,
        user: { login: "github-actions[bot]", type: "Bot" },
      };
      comments.push(created);
      return answer(201, withUrl(created));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    comments,
    requests,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function withUrl(comment: StoredComment) {
  return { ...comment, html_url: `https://github.example/octo/shop/pull/7#issuecomment-${comment.id}` };
}
