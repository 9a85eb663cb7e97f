import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { systemClock } from "../../../core/clock.js";
import type { ModelReply } from "../../../core/message.js";
import { openLedgerStore } from "../../../runtime/ledger/sqlite-ledger-store.js";
import { memoryFile } from "../../../runtime/memory/memory-database.js";
import { openMemoryStore } from "../../../runtime/memory/memory-store.js";
import type { KnowledgeDocument } from "../../../runtime/retrieval/documents/documents.js";
import { openIndex } from "../../../runtime/retrieval/index/open-index.js";
import { conversationFile } from "../../../runtime/session/conversation-database.js";
import { forgetOwner, newOwner } from "../../../runtime/session/session-owner.js";
import { openSessionStore } from "../../../runtime/session/sqlite-session-store.js";
import { openSqliteStore } from "../../../store/sqlite-store.js";
import { sampleCase, sampleRow, sampleRun, sampleTrial } from "../../../store/testing/store-samples.js";
import type { ReceiptUser } from "../receipt.js";
import { plantJudgements } from "./planted-judgements.js";

export const ADA: ReceiptUser = { tenantId: "acme", userId: "ada" };
/** Another user of the tenant, and one of another tenant who has the same name. */
export const OTHERS: readonly ReceiptUser[] = [
  { tenantId: "acme", userId: "ben" },
  { tenantId: "globex", userId: "ada" },
];

const PLACES = [
  "message",
  "argument",
  "result",
  "attachment",
  "note",
  "queued",
  "effect",
  "outcome",
  "fact",
  "replaced",
  "document",
  "shared",
  "trace",
  "case",
  "casetrial",
  "score",
  "judged",
  "replayed",
  "comment",
  "reasoning",
  "calibration",
  "reply",
  "removedrun",
  "jsonl",
  "html",
  "gz",
  "json",
  "markdown",
  "junit",
  "elsewhere",
  "dataset",
  "otherset",
  "recording",
  "cassette",
  "labelcsv",
  "labeljsonl",
  "draft",
  "setdraft",
] as const;

type Place = (typeof PLACES)[number];

/** A word that occurs nowhere else, so that an index of words is found out as well. */
function word(place: Place, { tenantId, userId }: ReceiptUser): string {
  return `Qx${place}${tenantId}${userId}K7`;
}

/** A text with the word, with characters that JSON, UTF-16 and FTS treat in a way of their own. */
function said(place: Place, user: ReceiptUser): string {
  return `Grüße "${word(place, user)}" wrote this 漢字 line.`;
}

/** Where planted words of a user lie that are not theirs alone: a cache does not tell, a deleted run names nobody. */
const NOBODYS: readonly Place[] = ["reply", "removedrun", "draft", "setdraft"];

/** Everything to look for of a user; `mustStay`: without what any deletion clears. */
export function wordsOf(user: ReceiptUser, mustStay = false): readonly string[] {
  return PLACES.filter((place) => !mustStay || !NOBODYS.includes(place)).map((place) => word(place, user));
}

export function sessionOf({ tenantId, userId }: ReceiptUser): string {
  return `5e551011-0000-4000-8000-${Buffer.from(`${tenantId}${userId}`.padEnd(6)).toString("hex").slice(0, 12).padEnd(12, "0")}${userId}`;
}

export function dataFolder(root: string): string {
  return join(root, ".agentctl");
}

/** Writes a project with texts of three users in every place that agentctl knows. */
export async function plantProject(root: string): Promise<void> {
  const data = dataFolder(root);
  mkdirSync(join(root, "reports"), { recursive: true });
  mkdirSync(join(root, "datasets"), { recursive: true });
  mkdirSync(join(data, "exports"), { recursive: true });
  writeFileSync(
    join(root, "agentctl.yaml"),
    "version: 1\ndefault_suite: main\nsuites:\n  main: { dataset: datasets/main.jsonl, agent: agents/a.yaml, recording: datasets/recorded.jsonl }\n",
  );
  const users = [ADA, ...OTHERS];
  for (const user of users) {
    plantConversation(data, user);
    plantMemory(data, user);
  }
  plantHistory(data, users);
  plantJudgements(root, users, said);
  plantFiles(root, users);
  await plantIndex(data, users);
}

function plantConversation(data: string, user: ReceiptUser): void {
  const id = sessionOf(user);
  const file = conversationFile(data);
  const store = openSessionStore(file, { clock: systemClock });
  store.create({ id, ...user, agentName: "a", agentVersion: "v" });
  const owner = newOwner();
  store.claim(id, { owner, text: null, whenBusy: "queue" });
  const log = store.log(id, owner);
  // Long texts go to pages of their own.
  log.append({
    role: "user",
    content: `${said("message", user)} ${`${user.userId} of ${user.tenantId} `.repeat(900)}`,
  });
  const attachment = Buffer.from(`.${said("attachment", user)}`).toString("base64");
  const args = { text: said("argument", user), attachment };
  log.append({ role: "assistant", content: null, toolCalls: [{ id: "c", name: "send", arguments: args }] });
  log.append({ role: "tool", toolCallId: "c", name: "send", content: said("result", user) });
  log.setNote("plan", { goal: said("note", user) });
  store.claim(id, { owner: newOwner(), text: said("queued", user), whenBusy: "queue" });
  store.release(id, owner);
  forgetOwner(owner);
  store.close();
  plantEffect(file, user);
}

function plantEffect(file: string, user: ReceiptUser): void {
  const ledger = openLedgerStore(file, "kill");
  const key = `key-${user.tenantId}-${user.userId}`;
  void ledger.intend({
    key,
    conversationId: sessionOf(user),
    ...user,
    turn: 1,
    step: 0,
    callId: "c",
    tool: "send",
    args: { text: said("effect", user) },
    compensates: null,
    intendedAtMs: 1,
  });
  const outcome = { content: said("outcome", user), isError: false };
  ledger.settle({ key, conversationId: sessionOf(user) }, { status: "done", outcome, detail: "", atMs: 2 });
  ledger.close();
}

function plantMemory(data: string, user: ReceiptUser): void {
  const store = openMemoryStore(memoryFile(data), systemClock);
  const scope = { ...user, space: "" };
  const fact = {
    kind: "preference" as const,
    subject: "user",
    attribute: "contact",
    source: sessionOf(user),
    expiresAtMs: null,
  };
  store.put(scope, [{ ...fact, id: "old", text: said("replaced", user), observedAtMs: 1 }]);
  store.put(scope, [{ ...fact, id: "new", text: said("fact", user), observedAtMs: 2 }]);
  store.putVectors(scope, "m", new Map([["new", Float32Array.of(0.6, 0.8)]]));
  store.close();
}

function plantHistory(data: string, users: readonly ReceiptUser[]): void {
  const store = openSqliteStore(join(data, "agentctl.db"));
  const caseOf = (user: ReceiptUser) => ({
    caseId: `case-${user.tenantId}-${user.userId}`,
    caseHash: `hash-${user.tenantId}-${user.userId}`,
    trial: 0,
  });
  store.createRun(
    sampleRun("run", { plan: users.map(caseOf) }),
    users.map((user) =>
      sampleCase(caseOf(user).caseId, {
        hash: caseOf(user).caseHash,
        tags: ["chat", `session:${sessionOf(user)}`],
        input: { kind: "text", text: said("case", user) },
      }),
    ),
  );
  store.createRun(sampleRun("gone"));
  for (const user of users) {
    const traced = sampleTrial(`chat-${user.tenantId}-${user.userId}`, 0, {
      events: sampleTrial("x", 0).events.map((event) => ({
        ...event,
        conversation_id: sessionOf(user),
        payload: { role: "user", text: said("trace", user) },
      })) as never,
    });
    store.addTrial("run", traced, sampleRow(traced, 1));
    const replayed = sampleTrial(caseOf(user).caseId, 0, {
      error: { code: "X", message: said("casetrial", user), isRetryable: false },
    });
    const row = sampleRow(replayed, 1);
    const scores = { ...row.scores, reason: { value: null, reason: said("score", user) } };
    store.addTrial("run", replayed, { ...row, scores });
    store.cache.set(word("case", user), { text: said("reply", user) } as ModelReply);
    const removed = sampleTrial(`r-${user.tenantId}-${user.userId}`, 0, {
      // Over several pages: the first is compacted by the next write, those behind it stay as they were.
      error: {
        code: "X",
        message: `${said("removedrun", user)}${"-".repeat(3_000)}`.repeat(4),
        isRetryable: false,
      },
    });
    store.addTrial("gone", removed, sampleRow(removed, 1));
  }
  store.close();
  // What was written to the file itself stays there in free pages.
  const reopened = openSqliteStore(join(data, "agentctl.db"));
  reopened.deleteRun("gone");
  reopened.close();
}

function plantFiles(root: string, users: readonly ReceiptUser[]): void {
  const name = ({ tenantId, userId }: ReceiptUser) => `${tenantId}-${userId}`;
  const lines = (place: Place, more: (user: ReceiptUser) => object) =>
    users.map((user) => `${JSON.stringify({ ...more(user), text: said(place, user) })}\n`).join("");
  const saved = (user: ReceiptUser) => ({
    id: `saved-${name(user)}`,
    tags: ["chat", `session:${sessionOf(user)}`],
  });
  const recorded = (user: ReceiptUser) => ({ caseId: `saved-${name(user)}`, trial: 0 });
  const perProject: Record<string, string> = {
    ".agentctl/exports/messages.jsonl": lines("jsonl", (user) => ({ session: sessionOf(user) })),
    "datasets/main.jsonl": lines("dataset", saved),
    "datasets/other.jsonl": lines("otherset", saved),
    "datasets/recorded.jsonl": lines("recording", recorded),
    "own.jsonl": `{"agentctl_cassette":1}\n${lines("cassette", recorded)}`,
  };
  for (const [path, text] of Object.entries(perProject)) writeFileSync(join(root, path), text);
  for (const user of users) {
    const id = `saved-${name(user)}`;
    const report = (place: Place) =>
      JSON.stringify({ schema: "agentctl/run-report", cases: [saved(user)], text: said(place, user) });
    const perUser: Record<string, string | Buffer> = {
      [`reports/${name(user)}.html`]: `<p>${id}</p><td>${id}</td>${said("html", user)}`,
      [`reports/${name(user)}.json`]: report("json"),
      [`reports/${name(user)}.md`]: `## agentctl: <code>main</code>\n<code>${id}</code> ${said("markdown", user)}`,
      [`reports/${name(user)}.xml`]: `<testcase name="${id}">${said("junit", user)}</testcase>`,
      [`${name(user)}.json`]: report("elsewhere"),
      [`.agentctl/exports/${name(user)}.txt.gz`]: gzipSync(`${sessionOf(user)} ${said("gz", user)}`),
      // No process has this number.
      [`reports/${name(user)}.html.4194304.tmp`]: said("draft", user),
      [`datasets/${name(user)}.jsonl.4194304-0a1b2c3d.tmp`]: said("setdraft", user),
    };
    for (const [path, content] of Object.entries(perUser)) writeFileSync(join(root, path), content);
  }
  // What no program of ours wrote, and who it is about nobody can tell.
  writeFileSync(join(root, "notes.md"), `seen by a person: ${sessionOf(ADA)}\n`);
}

async function plantIndex(data: string, users: readonly ReceiptUser[]): Promise<void> {
  const document = (place: "document" | "shared", user: ReceiptUser): KnowledgeDocument => ({
    id: `${place}-${user.tenantId}-${user.userId}`,
    title: "A letter",
    updated: "",
    status: "current",
    supersededBy: null,
    body: said(place, user),
    user: place === "shared" && user.tenantId === "globex" ? "carla" : user.userId,
    ...(place === "shared" ? {} : { tenant: user.tenantId }),
  });
  const documents = users.flatMap((user) => [document("document", user), document("shared", user)]);
  const index = await openIndex({
    folder: join(data, "index", "letters"),
    settings: { chunkWords: 50, overlapWords: 0, hashedDimensions: 64, dedicatedFrom: 2 },
    embedding: null,
    pipeline: {
      embedderFor: () => null,
      vectorsAreSemantic: false,
      reranker: null,
      rewriter: null,
      settings: {
        methods: ["bm25"],
        candidates: 5,
        rrfK: 60,
        rerankTop: 5,
        mmrLambda: null,
        lexicalRange: [0, 1],
        cosineRange: [0, 1],
        onFailure: "error",
      },
    },
    duty: 1,
  });
  await index.rebuild({ kind: "documents", documents });
  await index.close();
}
