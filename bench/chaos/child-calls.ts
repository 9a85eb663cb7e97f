/** A call of the parent process, and what it is answered with. */
interface Call {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string; readonly code: string };

/** Answers the calls of the parent one after the other; the process ends with its parent. */
export function answerCalls(calls: { readonly [name: string]: (value: never) => unknown }): void {
  let before: Promise<void> = Promise.resolve();
  process.on("message", (call: Call) => {
    before = before.then(async () => {
      process.send?.(await replyTo(call, calls));
    });
  });
  process.on("disconnect", () => process.exit());
}

async function replyTo({ id, name, value }: Call, calls: Parameters<typeof answerCalls>[0]): Promise<Reply> {
  try {
    return { id, value: (await calls[name]?.(value as never)) ?? null };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { id, error: message, code: code ?? "none" };
  }
}
