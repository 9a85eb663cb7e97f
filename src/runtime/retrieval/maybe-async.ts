/** A value that is there, or will be. */
export type MaybeAsync<Value> = Value | Promise<Value>;

/** Goes on with a value: at once when it is there, so that a search that waits for nothing stays synchronous. */
export function after<Value, Result>(
  value: MaybeAsync<Value>,
  next: (value: Value) => MaybeAsync<Result>,
): MaybeAsync<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Runs work and hands what it throws, now or later, to `recover`. */
export function recovering<Value>(
  work: () => MaybeAsync<Value>,
  recover: (error: unknown) => Value,
): MaybeAsync<Value> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

/** Runs work, and `done` when it has ended, well or not. */
export function finishing<Value>(work: () => MaybeAsync<Value>, done: () => void): MaybeAsync<Value> {
  let value: MaybeAsync<Value>;
  try {
    value = work();
  } catch (error) {
    done();
    throw error;
  }
  if (value instanceof Promise) return value.finally(done);
  done();
  return value;
}
