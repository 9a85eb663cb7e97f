import type { Json } from "../../../core/hash.js";
import type { JsonSchema } from "../../../core/message.js";

type Node = { readonly [key: string]: Json };

/** Where an argument goes in a request. */
interface OperationParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  /** Whether a list in the query is one text with commas instead of a repeated key. */
  readonly joined: boolean;
}

/** One operation of an OpenAPI 3 document. */
export interface Operation {
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly description: string;
  readonly parameters: readonly OperationParameter[];
  /** Of the whole body, where it is not an object whose properties are arguments. */
  readonly wholeBody: string | null;
  /** One schema over all arguments. */
  readonly schema: JsonSchema;
}

const METHODS = ["get", "head", "post", "put", "patch", "delete"];
/** Headers that the client sets itself; a model must not. */
const RESERVED =
  /^(host|authorization|cookie|content-|connection|transfer-encoding|idempotency-key|x-forwarded|proxy-)/i;

/** The operations of a document, by `operationId`; each is read when it is asked for. */
export interface OpenApiDocument {
  readonly ids: readonly string[];
  /** @throws {TypeError} when it cannot be called, e.g. with a schema that holds itself */
  operation(id: string): Operation | null;
}

/**
 * Opens an OpenAPI 3 document.
 *
 * @param document - as parsed from YAML or JSON
 * @throws {TypeError} when it is none
 */
export function openApiDocument(document: unknown): OpenApiDocument {
  if (!isNode(document) || !/^3\./.test(String(document.openapi))) {
    throw new TypeError("expected an OpenAPI 3 document with `openapi: 3.x`");
  }
  const found = new Map<string, () => Operation>();
  for (const [path, item] of Object.entries(isNode(document.paths) ? document.paths : {})) {
    const shared = isNode(item) && typeof item.$ref === "string" ? targetOf(item.$ref, document) : item;
    if (!isNode(shared)) continue;
    for (const method of METHODS) {
      const operation = shared[method];
      if (!isNode(operation) || typeof operation.operationId !== "string") continue;
      const id = operation.operationId;
      found.set(id, () => operationOf(id, method, path, operation, shared, document));
    }
  }
  return { ids: [...found.keys()], operation: (id) => found.get(id)?.() ?? null };
}

function operationOf(
  id: string,
  method: string,
  path: string,
  operation: Node,
  item: Node,
  document: Node,
): Operation {
  const properties: { [name: string]: Json } = {};
  const required: string[] = [];
  const parameters: OperationParameter[] = [];
  const add = (parameter: OperationParameter, schema: Json, isRequired: boolean) => {
    if (Object.hasOwn(properties, parameter.name)) {
      throw new TypeError(`operation ${id} has two arguments called ${parameter.name}`);
    }
    properties[parameter.name] = schema;
    parameters.push(parameter);
    if (isRequired) required.push(parameter.name);
  };
  for (const parameter of parametersOf(item, operation, document)) {
    const place = parameter.in;
    const name = String(parameter.name);
    if (place !== "path" && place !== "query" && place !== "header") continue;
    if (place === "header" && RESERVED.test(name)) continue;
    const schema = resolved(parameter.schema ?? { type: "string" }, document);
    const described =
      isNode(schema) && typeof parameter.description === "string"
        ? { description: parameter.description, ...schema }
        : schema;
    add(
      { name, in: place, joined: parameter.explode === false },
      described,
      parameter.required === true || place === "path",
    );
  }
  const wholeBody = addBody(resolved(operation.requestBody ?? null, document), id, add);
  return {
    id,
    method: method.toUpperCase(),
    path,
    description: String(operation.description ?? operation.summary ?? id),
    parameters,
    wholeBody,
    schema: { type: "object", properties, required, additionalProperties: false },
  };
}

/** The properties of a JSON body are arguments of their own; any other body is one argument, `body`. */
function addBody(
  body: Json,
  id: string,
  add: (parameter: OperationParameter, schema: Json, isRequired: boolean) => void,
): string | null {
  if (!isNode(body)) return null;
  const content = isNode(body.content) ? body.content : {};
  const type = Object.keys(content).find((one) => /^application\/([\w.-]+\+)?json\b/.test(one));
  const media = type === undefined ? undefined : content[type];
  if (!isNode(media)) throw new TypeError(`operation ${id} has a body that is not JSON`);
  const { schema } = media;
  const isPlainObject =
    isNode(schema) && isNode(schema.properties) && !["allOf", "anyOf", "oneOf"].some((key) => key in schema);
  if (!isPlainObject) {
    add({ name: "body", in: "body", joined: false }, schema ?? {}, body.required === true);
    return "body";
  }
  const wanted = Array.isArray(schema.required) ? schema.required : [];
  for (const [name, property] of Object.entries(schema.properties as Node)) {
    add({ name, in: "body", joined: false }, property, wanted.includes(name));
  }
  return null;
}

/** Those of the operation replace those of its path. */
function parametersOf(item: Node, operation: Node, document: Node): readonly Node[] {
  const byPlace = new Map<string, Node>();
  for (const list of [item.parameters, operation.parameters]) {
    for (const one of Array.isArray(list) ? list : []) {
      const parameter = resolved(one as Json, document);
      if (isNode(parameter)) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
    }
  }
  return [...byPlace.values()];
}

/** The value with every `$ref` within the document put in its place. */
function resolved(value: Json, document: Node, above: readonly string[] = []): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolved(item, document, above));
  if (!isNode(value)) return value;
  if (typeof value.$ref === "string") {
    const { $ref, ...beside } = value;
    const reference = String($ref);
    if (above.includes(reference))
      throw new TypeError(`expected no schema that holds itself, found ${reference}`);
    const target = resolved(targetOf(reference, document), document, [...above, reference]);
    return isNode(target) ? { ...target, ...(resolved(beside, document, above) as Node) } : target;
  }
  const plain: { [key: string]: Json } = Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, resolved(child, document, above)]),
  );
  // OpenAPI 3.0 says `nullable`, JSON Schema does not know it.
  if (plain.nullable === true && typeof plain.type === "string")
    return { ...plain, type: [plain.type, "null"] };
  return plain;
}

function targetOf(reference: string, document: Node): Json {
  if (!reference.startsWith("#/"))
    throw new TypeError(`expected a $ref within the document, found ${reference}`);
  let target: Json | undefined = document;
  for (const step of reference.slice(2).split("/")) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    target = isNode(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  if (target === undefined) throw new TypeError(`$ref ${reference} leads nowhere`);
  return target;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
