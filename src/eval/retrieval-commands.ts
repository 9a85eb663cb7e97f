import { dirname, resolve } from "node:path";
import { systemClock } from "../core/clock.js";
import { UsageError } from "../core/errors.js";
import type { RetrievalSearch } from "../core/events.js";
import type { IndexBuild, IndexSearch } from "../report/index-documents.js";
import { agentIdentity } from "../runtime/identity/agent-identity.js";
import { assessGrounding } from "../runtime/retrieval/grounding.js";
import { type LoadedRetrieval, loadRetrieval } from "../runtime/retrieval/load-retrieval.js";
import type { Passage } from "../runtime/retrieval/retriever.js";
import { type LoadedAgent, loadAgent } from "./agent/load-agent.js";
import { findSuite, loadProject } from "./project/load-project.js";

export interface IndexFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly agent?: string;
}

export interface IndexContext {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/** Ctrl-C ends the process; what a build has written by then is removed by the next start. */
const { signal } = new AbortController();

type RetrievalConfig = NonNullable<LoadedAgent["config"]["retrieval"]>;

/**
 * Brings the index of an agent up to date; searches of other processes go on meanwhile and change over when it is done.
 *
 * @param force - builds it also when neither documents nor settings have changed
 * @throws {UsageError} when the agent keeps no index on disk
 * @throws {ConfigError | ProviderError | StoreError} when it cannot be built
 */
export async function buildIndex(
  flags: IndexFlags,
  force: boolean,
  context: IndexContext,
): Promise<IndexBuild> {
  const { loaded, config, indexRoot } = agentOf(flags, context);
  if (config.index === undefined) {
    throw new UsageError(`${loaded.file} keeps no index on disk; its documents are indexed when it starts`, {
      nextStep: "add `index: { name: ... }` to its `retrieval` block",
    });
  }
  const started = performance.now();
  // Who builds an index wants it whole, or to know why it cannot be.
  const retrieval = await opened(loaded, { ...config, on_failure: "error" }, indexRoot, context);
  try {
    const { disk } = retrieval;
    if (disk === null) throw new TypeError("expected an index on disk");
    const isForced = force && !disk.isNew;
    if (isForced) await disk.rebuild();
    return {
      name: config.index.name,
      isNew: isForced || disk.isNew,
      ...disk.index.served(),
      durationMs: performance.now() - started,
    };
  } finally {
    await retrieval.close();
  }
}

/**
 * Searches as an agent would, for a reader.
 *
 * @param reader - instead of the agent's identity
 * @throws {UsageError} when the agent has no documents
 */
export async function searchIndex(
  query: string,
  flags: IndexFlags & { readonly topK?: number; readonly tenant?: string; readonly user?: string },
  context: IndexContext,
): Promise<IndexSearch> {
  const { loaded, config, indexRoot } = agentOf(flags, context);
  const { file, folder } = loaded;
  const identity =
    flags.tenant === undefined
      ? await agentIdentity(loaded.config.identity, { file, folder, env: context.env, clock: systemClock })
      : { tenantId: flags.tenant, userId: null, roles: [] };
  const reader = { tenant: identity.tenantId, user: flags.user ?? identity.userId };
  const retrieval = await opened(loaded, config, indexRoot, context);
  try {
    let search: RetrievalSearch | null = null;
    const passages = await retrieval.retriever.search({
      query,
      topK: flags.topK ?? config.top_k,
      ...reader,
      segments: identity.roles,
      onSearch: (told) => {
        search = told;
      },
      signal,
    });
    const { grounding } = retrieval;
    return {
      query,
      reader,
      search,
      passages: passages.map(shownPassage),
      grounding: grounding === null ? null : assessGrounding(passages, grounding.threshold),
    };
  } finally {
    await retrieval.close();
  }
}

function agentOf(flags: IndexFlags, { workingDirectory }: IndexContext) {
  const project = loadProject(flags.config, workingDirectory);
  const suite = findSuite(project, flags.suite);
  const file =
    flags.agent === undefined
      ? resolve(suite.root, suite.config.agent)
      : resolve(workingDirectory, flags.agent);
  const loaded = loadAgent(file, workingDirectory);
  const config = loaded.config.retrieval;
  if (config === undefined) {
    throw new UsageError(`${loaded.file} has no documents to search`, {
      nextStep: "add a `retrieval` block, or name another agent with --agent",
    });
  }
  return {
    loaded,
    config,
    indexRoot: resolve(dirname(resolve(project.root, project.config.store)), "index"),
  };
}

function opened(
  { file, folder }: LoadedAgent,
  config: RetrievalConfig,
  indexRoot: string,
  { env }: IndexContext,
): Promise<LoadedRetrieval> {
  return loadRetrieval(config, {
    folder,
    file,
    indexRoot,
    env,
    clock: systemClock,
    random: Math.random,
    signal,
  });
}

function shownPassage(passage: Passage): IndexSearch["passages"][number] {
  const {
    documentId,
    chunkId,
    title,
    section,
    updated,
    status,
    tenant = null,
    score,
    scores,
    text,
  } = passage;
  return { documentId, chunkId, title, section, updated, status, tenant, score, scores: { ...scores }, text };
}
