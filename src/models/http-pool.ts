import { Agent, type RequestInit as UndiciRequestInit, fetch as undiciFetch } from "undici";

let pool: Agent | undefined;

/**
 * `fetch` over one pool of kept connections for all providers of the process. The pool is made on first use and
 * holds no timers of its own: deadlines belong to the call (see deadlines.ts). Idle connections do not keep the
 * process alive.
 */
export const pooledFetch: typeof globalThis.fetch = async (input, init) => {
  pool ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  // undici's own types and the global ones describe the same objects but are declared twice.
  const options = { ...(init as UndiciRequestInit | undefined), dispatcher: pool };
  return (await undiciFetch(input as Parameters<typeof undiciFetch>[0], options)) as unknown as Response;
};
