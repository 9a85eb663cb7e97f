import { UsageError } from "../../../core/errors.js";

/** Where an endpoint is, and how it is asked. */
export interface EndpointAddress {
  /** Scheme, host, port and path without `/v1` and without a slash at the end. */
  readonly url: string;
  /** Key to send as a bearer; `null`: none. */
  readonly apiKey: string | null;
}

/**
 * The address of an endpoint as people write it, with or without `/v1`.
 *
 * @throws {UsageError} when it is no http(s) URL, holds a password or a query, or the variable of the key is empty
 */
export function endpointAddress(
  text: string,
  key: {
    readonly variable: string | undefined;
    readonly env: { readonly [name: string]: string | undefined };
  },
): EndpointAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      "expected the URL of an endpoint to be http or https, such as http://127.0.0.1:8000",
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw new UsageError(
      "expected the URL of an endpoint without user name, password and query, found some",
      {
        nextStep: "Put the key into an environment variable and name it with --api-key-env.",
      },
    );
  }
  const path = url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
  return { url: `${url.origin}${path}`, apiKey: keyFrom(key) };
}

function keyFrom({
  variable,
  env,
}: {
  readonly variable: string | undefined;
  readonly env: { readonly [name: string]: string | undefined };
}): string | null {
  if (variable === undefined) return null;
  const key = env[variable]?.trim();
  if (key !== undefined && key !== "") return key;
  throw new UsageError(
    `expected the key of the endpoint in the environment variable ${variable}, found none`,
  );
}
