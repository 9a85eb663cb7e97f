import { afterEach, expect, it } from "vitest";
import { type GithubServer, type StoredComment, startGithubServer } from "../../../test/github-server.js";
import { githubComments } from "./github-comments.js";
import { upsertComment } from "./upsert-comment.js";

const MARK = "<!-- agentctl shop -->";
const TOKEN = "ghs_secret-of-the-job";

let server: GithubServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function write(options: Parameters<typeof startGithubServer>[0], body = `${MARK}\nnew`) {
  server = await startGithubServer(options);
  const waits: number[] = [];
  const outcome = await upsertComment(
    githubComments(server.apiUrl, TOKEN, "octo/shop", 7),
    MARK,
    body,
    async (ms) => {
      waits.push(ms);
    },
  ).catch((error: unknown) => error as Error);
  return { outcome, waits, server };
}

function comment(id: number, changes: Partial<StoredComment> = {}): StoredComment {
  return { id, body: `${MARK}\nold`, user: { login: "github-actions[bot]", type: "Bot" }, ...changes };
}

it("creates a comment where there is none, and updates it from then on", async () => {
  const { outcome, server: host } = await write({});
  expect(outcome).toMatchObject({ action: "created" });
  const again = await upsertComment(
    githubComments(host.apiUrl, TOKEN, "octo/shop", 7),
    MARK,
    `${MARK}\nnewer`,
    async () => {},
  );
  expect(again).toMatchObject({ action: "updated" });
  expect(host.comments.map(({ body }) => body)).toEqual([`${MARK}\nnewer`]);
});

it("finds its comment behind hundreds of others", async () => {
  const others = Array.from({ length: 230 }, (_, index) => comment(index + 1, { body: `remark ${index}` }));
  const { outcome, server: host } = await write({ comments: [...others, comment(900)] });
  expect(outcome).toMatchObject({ action: "updated" });
  expect(host.comments).toHaveLength(231);
  expect(host.comments.at(-1)?.body).toBe(`${MARK}\nnew`);
});

it("leaves alone what people wrote, whatever mark it bears, and marks in the middle of a text", async () => {
  const person = comment(1, { user: { login: "mallory", type: "User" } });
  const quoted = comment(2, { body: `somebody quoted ${MARK}` });
  const { outcome, server: host } = await write({ comments: [person, quoted] });
  expect(outcome).toMatchObject({ action: "created" });
  expect(host.comments.slice(0, 2)).toEqual([comment(1, { user: person.user }), quoted]);
});

it("asks again when the host is busy, as long as the host says, and makes no second comment", async () => {
  const {
    outcome,
    waits,
    server: host,
  } = await write({ statusOf: (request) => (request <= 2 ? 503 : undefined) });
  expect(outcome).toMatchObject({ action: "created" });
  expect(waits).toEqual([0, 0]);
  expect(host.comments).toHaveLength(1);
});

it("gives up after four attempts, and says what the host said without the token", async () => {
  const { outcome, waits } = await write({ statusOf: () => 502 });
  expect(outcome).toMatchObject({ code: "CODE_HOST_FAILED", status: 502, isRetryable: true });
  expect((outcome as Error).message).toBe("GET /user: status 502 (said Bearer ***)");
  expect(waits).toEqual([1_000, 3_000, 9_000]);
});

it("does not ask again what is refused", async () => {
  const {
    outcome,
    waits,
    server: host,
  } = await write({
    statusOf: (_, line) => (line.startsWith("POST") ? 403 : undefined),
  });
  expect(outcome).toMatchObject({ status: 403, isRetryable: false });
  expect(waits).toEqual([]);
  expect(host.comments).toEqual([]);
});
