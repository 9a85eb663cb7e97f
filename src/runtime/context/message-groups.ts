import type { Message } from "../../core/message.js";

/** A request in the parts that it is shortened by. */
export interface RequestParts {
  /** Leading system messages: never dropped. */
  readonly system: readonly Message[];
  /** Everything before the last message of the user: whole turns, dropped from the first on. */
  readonly turns: readonly (readonly Message[])[];
  /** The last message of the user: never dropped. Empty when there is none. */
  readonly user: readonly Message[];
  /** What the agent did since: one assistant message with the results of its calls each. */
  readonly steps: readonly (readonly Message[])[];
}

/** Divides a request so that no call is parted from its result and each dropped turn leaves a user message first. */
export function partsOf(messages: readonly Message[]): RequestParts {
  const firstTurn = messages.findIndex(({ role }) => role !== "system");
  const begin = firstTurn === -1 ? messages.length : firstTurn;
  const body = messages.slice(begin);
  const last = body.findLastIndex(({ role }) => role === "user");
  return {
    system: messages.slice(0, begin),
    turns: divided(body.slice(0, Math.max(last, 0)), ({ role }) => role === "user"),
    user: last === -1 ? [] : body.slice(last, last + 1),
    steps: divided(body.slice(last + 1), ({ role }) => role !== "tool"),
  };
}

function divided(messages: readonly Message[], begins: (message: Message) => boolean): Message[][] {
  const groups: Message[][] = [];
  for (const message of messages) {
    const group = groups.at(-1);
    if (group === undefined || begins(message)) groups.push([message]);
    else group.push(message);
  }
  return groups;
}

/** The messages of the first turns and the first steps. */
export function leftOut(
  { turns, steps }: RequestParts,
  counts: { readonly turns: number; readonly steps: number },
): readonly Message[] {
  return [...turns.slice(0, counts.turns), ...steps.slice(0, counts.steps)].flat();
}

/** How many whole groups, from the first, have together at most so many messages. */
export function groupsWithin(groups: readonly (readonly Message[])[], messages: number): number {
  let room = messages;
  const end = groups.findIndex((group) => {
    room -= group.length;
    return room < 0;
  });
  return end === -1 ? groups.length : end;
}
