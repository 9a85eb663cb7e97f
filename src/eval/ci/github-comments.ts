import { z } from "zod";
import { CodeHostError } from "../../core/errors.js";
import { allPages } from "./all-pages.js";
import type { CodeHost, HostComment } from "./code-host.js";
import { type HostConnection, hostRequest } from "./host-request.js";

const user = z.object({ login: z.string(), type: z.string().optional() });

const comment = z.object({
  id: z.int(),
  html_url: z.string().nullish(),
  body: z.string().nullish(),
  user: user.nullish(),
});

/**
 * Comments of a pull request on GitHub.
 *
 * @param repository - `owner/name`
 */
export function githubComments(
  apiUrl: string,
  token: string,
  repository: string,
  pullRequest: number,
): CodeHost {
  const connection: HostConnection = {
    apiUrl,
    token,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
    },
  };
  const request = async (method: "GET" | "POST" | "PATCH", path: string, body?: object) =>
    hostRequest(connection, method, `/repos/${repository}${path}`, body);
  const own = once(() => authorTest(connection));
  return {
    place: `pull request ${pullRequest} of ${repository}`,
    async find(mark) {
      const isOwn = await own();
      const all = allPages((page) =>
        request("GET", `/issues/${pullRequest}/comments?per_page=100&page=${page}`),
      );
      for await (const one of all) {
        const found = comment.safeParse(one);
        if (!found.success || found.data.body?.startsWith(mark) !== true) continue;
        if (found.data.user != null && isOwn(found.data.user)) return commentOf(one);
      }
      return null;
    },
    create: async (body) => commentOf(await request("POST", `/issues/${pullRequest}/comments`, { body })),
    update: async (id, body) => commentOf(await request("PATCH", `/issues/comments/${id}`, { body })),
  };
}

/** The token of a job belongs to an app, which may not ask who it is; its comments are those of a bot. */
async function authorTest(connection: HostConnection): Promise<(author: z.output<typeof user>) => boolean> {
  try {
    const { login } = user.parse(await hostRequest(connection, "GET", "/user"));
    return (author) => author.login === login;
  } catch (error) {
    if (!(error instanceof CodeHostError) || error.isRetryable) throw error;
    return (author) => author.type === "Bot";
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: T | undefined;
  return async () => {
    made ??= await make();
    return made;
  };
}

function commentOf(value: unknown): HostComment {
  const found = comment.safeParse(value);
  if (!found.success) throw new CodeHostError("expected a comment of GitHub, found something else");
  return { id: String(found.data.id), url: found.data.html_url ?? null };
}
