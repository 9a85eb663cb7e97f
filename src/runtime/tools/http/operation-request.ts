import type { Json } from "../../../core/hash.js";
import type { ToolArguments } from "../tool.js";
import type { Operation } from "./openapi-document.js";

/** A request before identity, key and authorisation are put on it. */
export interface OperationRequest {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | null;
}

/**
 * Puts arguments into a request. Each stays in its place: what stands in a path segment cannot leave it.
 *
 * @returns why it cannot be sent, where an argument would change where the request goes
 */
export function operationRequest(
  operation: Operation,
  args: ToolArguments,
  base: URL,
): OperationRequest | { readonly problem: string } {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers: { [name: string]: string } = {};
  const body: { [name: string]: Json } = {};
  for (const parameter of operation.parameters) {
    const { name } = parameter;
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined) continue;
    if (parameter.in === "body") {
      body[name] = value;
    } else if (parameter.in === "query") {
      for (const one of listed(value, parameter.joined)) query.append(name, one);
    } else if (parameter.in === "header") {
      const text = textOf(value);
      if (/[^\x20-\x7e]/.test(text)) return { problem: `${name} holds characters that a header cannot` };
      headers[name.toLowerCase()] = text;
    } else {
      const text = textOf(value);
      if (text === "") return { problem: `${name} must not be empty` };
      if (/\p{Surrogate}/u.test(text)) return { problem: `${name} holds half a character` };
      path = path.replaceAll(`{${name}}`, () => encodeURIComponent(text));
    }
  }
  if (path.split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    return { problem: "an argument would change the path of the request" };
  }
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, "") + path;
  url.search = query.toString();
  if (url.origin !== base.origin) return { problem: "the request would leave its server" };
  const content = operation.wholeBody === null ? body : body[operation.wholeBody];
  const hasBody = operation.parameters.some((parameter) => parameter.in === "body") && content !== undefined;
  return { url, headers, body: hasBody ? JSON.stringify(content) : null };
}

function listed(value: Json, joined: boolean): readonly string[] {
  if (!Array.isArray(value)) return [textOf(value)];
  const texts = value.map((item: Json) => textOf(item));
  return joined ? [texts.join(",")] : texts;
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
