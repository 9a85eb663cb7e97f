import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { commentTarget } from "./comment-target.js";
import { upsertComment } from "./upsert-comment.js";

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
}

const MARK = "<!-- agentctl shop -->";
let server: Server | null = null;

afterEach(() => server?.close());

/** The part of GitLab's REST API that notes need; the token is that of user 5. */
async function startGitlab(notes: Note[]): Promise<{ readonly apiUrl: string; readonly requests: string[] }> {
  const requests: string[] = [];
  const started = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push(`${request.method} ${request.url} ${request.headers["private-token"]}`);
      const { body = "" } =
        chunks.length === 0 ? {} : (JSON.parse(String(Buffer.concat(chunks))) as { body?: string });
      const found = notes.find(({ id }) => request.url?.endsWith(`/notes/${id}`));
      if (found !== undefined) found.body = body;
      if (request.method === "POST") notes.push({ id: 100 + notes.length, body, author: { id: 5 } });
      const answer = request.url?.endsWith("/user")
        ? { id: 5 }
        : request.method === "GET"
          ? notes
          : (found ?? notes.at(-1));
      response.end(JSON.stringify(answer));
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return { apiUrl: `http://127.0.0.1:${(started.address() as AddressInfo).port}/api/v4`, requests };
}

function environment(apiUrl: string) {
  return {
    GITLAB_CI: "true",
    CI_API_V4_URL: apiUrl,
    CI_PROJECT_ID: "12",
    CI_MERGE_REQUEST_IID: "3",
    CI_PIPELINE_URL: "https://gitlab.example/p/1",
    GITLAB_TOKEN: "glpat-secret",
  };
}

it("writes one note on the merge request of the job, and updates it", async () => {
  const notes: Note[] = [{ id: 1, body: `${MARK} of another user`, author: { id: 9 } }];
  const { apiUrl, requests } = await startGitlab(notes);
  const { host, link } = commentTarget(environment(apiUrl), undefined);
  expect(link).toBe("https://gitlab.example/p/1");
  if (host === null) throw new Error("there is a merge request");
  const write = (text: string) => upsertComment(host, MARK, `${MARK}\n${text}`, async () => {});
  expect(await write("first")).toMatchObject({ action: "created" });
  expect(await write("second")).toMatchObject({ action: "updated" });
  expect(notes.map(({ body }) => body)).toEqual([`${MARK} of another user`, `${MARK}\nsecond`]);
  expect(requests.at(-1)).toBe("PUT /api/v4/projects/12/merge_requests/3/notes/101 glpat-secret");
});

it("finds the pull request of a job of GitHub, or none", () => {
  const github = { GITHUB_REPOSITORY: "octo/shop", GITHUB_TOKEN: "t", GITHUB_RUN_ID: "42" };
  const placeOf = (more: object, number?: number) =>
    commentTarget({ ...github, ...more }, number).host?.place ?? null;
  expect(placeOf({ GITHUB_REF: "refs/pull/8/merge" })).toBe("pull request 8 of octo/shop");
  expect(placeOf({ GITHUB_REF: "refs/heads/main" })).toBeNull();
  expect(placeOf({ GITHUB_REF: "refs/heads/main" }, 9)).toBe("pull request 9 of octo/shop");
  expect(commentTarget(github, undefined).link).toBe("https://github.com/octo/shop/actions/runs/42");
});

it.each([
  [{}, "expected the variables of GitHub Actions or GitLab CI"],
  [{ GITHUB_REPOSITORY: "octo/../../user" }, "expected owner/name"],
  [{ GITHUB_REPOSITORY: "octo/shop", GITHUB_REF: "refs/pull/8/merge" }, "expected a token in GITHUB_TOKEN"],
  [{ GITLAB_CI: "true", CI_MERGE_REQUEST_IID: "3" }, "expected CI_API_V4_URL"],
])("refuses %j", (env, message) => {
  expect(() => commentTarget(env, undefined)).toThrow(message);
});
