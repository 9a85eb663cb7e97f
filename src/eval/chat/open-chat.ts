import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { AgentEvent } from "../../core/events.js";
import { counted } from "../../report/counted.js";
import { providerNotices } from "../../report/notices.js";
import type { Agent } from "../../runtime/agent.js";
import { AuditLog } from "../../runtime/audit/audit-log.js";
import { LiveAudit, sessionSubject } from "../../runtime/audit/live-audit.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { openSession, type SessionHost, type TurnWatcher } from "../../runtime/session/session.js";
import type { FinishedTurn } from "../../runtime/session/session-turn.js";
import { openSessionStore } from "../../runtime/session/sqlite-session-store.js";
import { environmentTools } from "../../runtime/tools/environment-tools.js";
import { buildAnyAgent } from "../agent/build-any-agent.js";
import { liveModel } from "../agent/live-model.js";
import { isExternal, type LoadedAgent, loadAnyAgent } from "../agent/load-agent.js";
import { auditFileIn } from "../audit/audit-trials.js";
import { findSuite, loadProject } from "../project/load-project.js";
import type { StoredTrial } from "../run/trace-stored-trial.js";
import { chatTrace, type TimedTurn } from "./chat-trace.js";
import { dropOpenTurn } from "./drop-open-turn.js";
import { restoreEnvironment } from "./restore-environment.js";
import { type SavedCase, saveChatCase } from "./save-chat-case.js";

export interface ChatFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly agent?: string;
  readonly session?: string;
}

export interface ChatContext {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
}

/** One conversation at a terminal. */
export interface Chat {
  readonly agent: Agent;
  readonly sessionId: string;
  /** What the user should know before the first line, one sentence each. */
  readonly notes: readonly string[];
  /** Says something; a turn that fails or is aborted is given up. @throws {SessionError} when another process has the session */
  send(text: string, watcher: TurnWatcher, signal: AbortSignal): Promise<readonly FinishedTurn[]>;
  /** @param scope - the last turn, or all turns of this process; `null` before the first */
  trace(scope: "turn" | "all"): StoredTrial | null;
  /** @param file - `null` for the golden set of the suite */
  saveCase(id: string | null, file: string | null): Promise<SavedCase>;
  close(): Promise<void>;
}

/**
 * Opens a conversation with the agent of a suite, or of a file. It is kept beside the run history of the project, and
 * goes on under its session id.
 *
 * @throws {ConfigError | UsageError | SessionError} when agent, suite or session cannot be used
 */
export async function openChat(flags: ChatFlags, context: ChatContext): Promise<Chat> {
  const { workingDirectory, env, clock } = context;
  const project = loadProject(flags.config, workingDirectory);
  const suite = findSuite(project, flags.suite);
  const agentFile =
    flags.agent === undefined
      ? resolve(suite.root, suite.config.agent)
      : resolve(workingDirectory, flags.agent);
  const loaded = loadAnyAgent(agentFile, workingDirectory);
  if (!isExternal(loaded) && loaded.config.model.provider === "replay") {
    throw new UsageError(`${loaded.file}: expected a model that answers what is new, found a recording`, {
      nextStep: "name another agent with --agent",
    });
  }
  const folder = dirname(resolve(project.root, project.config.store));
  mkdirSync(folder, { recursive: true });
  const modelOf = ({ config, file }: LoadedAgent) =>
    liveModel(config.model, file, { env, cache: null, openCassette: null, clock });
  const agent = await buildAnyAgent(loaded, {
    recordingHash: null,
    timeoutMs: undefined,
    seed: undefined,
    dataFolder: folder,
    storage: { kind: "folder", path: folder },
    workingDirectory,
    specialistModel: modelOf,
    env,
    clock,
  });
  const store = openSessionStore(conversationFile(folder), { clock });
  const environment = loaded.environment?.start() ?? null;
  const host: Omit<SessionHost, "signal"> = {
    agent,
    store,
    tools: [
      ...(loaded.environment === null || environment === null
        ? []
        : environmentTools(loaded.environment, environment)),
      ...agent.tools,
    ],
    environment,
    policy: loaded.environment?.policy ?? "",
    clock,
    whenBusy: "reject",
  };
  const request = { identity: agent.identity, allowChangedAgent: true };
  const open = (id: string | undefined, signal: AbortSignal) =>
    openSession({ ...host, signal }, { ...request, ...(id === undefined ? {} : { id }) });
  const isNew = flags.session === undefined || store.find(flags.session) === null;
  const { id: sessionId } = open(flags.session, new AbortController().signal);
  const earlier = store.messages(sessionId);
  if (loaded.environment !== null && environment !== null) {
    restoreEnvironment(loaded.environment, environment, earlier);
  }
  const turns: TimedTurn[] = [];
  const log = new AuditLog(auditFileIn(folder));
  const audit = new LiveAudit(log, sessionSubject(sessionId));
  return {
    agent,
    sessionId,
    notes: [
      ...providerNotices(agent.model.provider),
      ...notesOf(isNew, flags.session, earlier.filter(({ role }) => role === "user").length),
    ],
    send: async (text, watcher, signal) => {
      dropOpenTurn(store, sessionId);
      const onEvent = (event: AgentEvent) => {
        audit.onEvent(event);
        watcher.onEvent?.(event);
      };
      const result = await open(sessionId, signal)
        .send(text, { ...watcher, onEvent })
        .finally(() => audit.flush());
      const finished = result.kind === "done" ? result.turns : [];
      turns.push(...finished.map((turn) => ({ ...turn, endedAt: clock.now() })));
      dropOpenTurn(store, sessionId);
      return finished;
    },
    trace: (scope) => chatTrace(agent, sessionId, scope === "all" ? turns : turns.slice(-1)),
    saveCase: (id, file) =>
      saveChatCase(
        {
          sessionId,
          messages: store.messages(sessionId),
          events: turns.flatMap(({ events }) => events),
          environment: loaded.environment,
        },
        id,
        file ?? resolve(suite.root, suite.config.dataset),
        workingDirectory,
      ),
    close: async () => {
      const last = turns.at(-1);
      if (last !== undefined) await open(sessionId, new AbortController().signal).end(last.stop);
      store.close();
      log.close();
      await agent.close?.();
    },
  };
}

function notesOf(isNew: boolean, wanted: string | undefined, said: number): readonly string[] {
  if (wanted === undefined) return [];
  return isNew
    ? [`began session ${wanted}: there was none of that id`]
    : [`goes on after ${counted(said, "message")} of yours`];
}
