import { ProviderError } from "../../core/errors.js";
import type { Emit } from "../../core/events.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { USER_END_MARKS, USER_STOP_MARK } from "../../core/recording.js";
import type { Environment, EnvironmentSession } from "../../environments/environment.js";
import type { ModelCaller } from "../model-caller.js";
import { simulatedUser, type UserTools } from "./simulated-user.js";
import { fixedLines, scriptedUser, type User } from "./user.js";

export interface UserScene {
  readonly goldenCase: GoldenCase;
  /** Asks the model that plays users; `null` when none does. */
  readonly call: ModelCaller | null;
  readonly emit: Emit;
  readonly environment: Environment | null;
  readonly session: EnvironmentSession | null;
  /** A recording ends by its own mark, whatever else its user said. */
  readonly isRecorded: boolean;
}

/**
 * The user of a case: its own words where it has them, else a model that knows its goal.
 *
 * @throws {ProviderError} when no model plays users, or the case names a tool that its environment does not have
 */
export function userOfCase(scene: UserScene): User {
  const { goldenCase, call, emit, isRecorded } = scene;
  const { input } = goldenCase;
  const lines = fixedLines(input);
  if (lines !== null) return scriptedUser(lines);
  if (input.kind !== "user" || call === null) {
    throw new ProviderError(
      "PROVIDER_REJECTED",
      `case ${goldenCase.id} has a user with a goal but no model plays it`,
      { nextStep: "add `user_model` to the suite in agentctl.yaml, or a `script` to the case" },
    );
  }
  return simulatedUser(
    {
      goal: input.goal,
      persona: input.persona ?? null,
      endMarks: input.endMarks ?? (isRecorded ? [USER_STOP_MARK] : USER_END_MARKS),
      maxTurns: input.maxTurns ?? null,
      tools: toolsOf(scene, input.tools ?? []),
    },
    call,
    emit,
  );
}

function toolsOf(
  { environment, session, goldenCase }: UserScene,
  names: readonly string[],
): UserTools | null {
  if (names.length === 0) return null;
  const offered = environment?.userTools ?? [];
  const tools = names.map((name) => offered.find(({ spec }) => spec.name === name));
  const missing = names.filter((_name, index) => tools[index] === undefined);
  if (missing.length > 0 || session?.callAsUser === undefined) {
    const known = offered.map(({ spec }) => spec.name).join(", ") || "none";
    throw new ProviderError(
      "PROVIDER_REJECTED",
      `case ${goldenCase.id} gives its user the tools ${names.join(", ")}; its environment has for users: ${known}`,
      { nextStep: "correct `input.user.tools` of the case, or its environment" },
    );
  }
  return {
    tools: tools.filter((tool) => tool !== undefined),
    // Not `session.callAsUser` alone: it may need its `this`.
    call: (name, args) =>
      names.includes(name) ? (session.callAsUser?.(name, args) ?? noTool(name)) : noTool(name),
  };
}

function noTool(name: string) {
  return { content: `Error: you have no tool ${name}`, isError: true };
}
