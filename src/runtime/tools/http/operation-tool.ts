import { ProviderError } from "../../../core/errors.js";
import type { ToolOutcome } from "../../../environments/environment.js";
import { secretRedactor } from "../../../models/secret-redactor.js";
import { FREE_TOOL } from "../free-tool.js";
import { argumentsValidator } from "../policy/check-schema.js";
import {
  refusedCall,
  type Tool,
  type ToolArguments,
  type ToolCallContext,
  UnknownOutcomeError,
} from "../tool.js";
import { findsNothing } from "./finds-nothing.js";
import type { Operation } from "./openapi-document.js";
import { operationRequest } from "./operation-request.js";
import { type ReceivedResponse, sendRequest } from "./send-request.js";

/** What all operations of one document share. */
export interface HttpService {
  readonly base: URL;
  readonly bearer: string | null;
  /** Names of the headers that carry tenant and user. */
  readonly identityHeaders: { readonly tenant?: string; readonly user?: string };
  readonly maxResponseBytes: number;
  readonly timeoutMs: number;
}

/** The read that finds an earlier call by its key. */
export interface OperationLookup {
  readonly operation: Operation;
  /** Its parameter that takes the key. */
  readonly key: string;
}

/** An HTTP operation as a tool. GET and HEAD are reads; of everything else it is not known whether it can be undone. */
export function operationTool(
  declared: Operation,
  service: HttpService,
  lookup: OperationLookup | null,
): Tool {
  const operation = withoutIdentity(declared, service);
  argumentsValidator(operation.schema);
  const isRead = operation.method === "GET" || operation.method === "HEAD";
  return {
    spec: {
      name: operation.id.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64),
      description: operation.description,
      parameters: operation.schema,
    },
    source: "http",
    reversibility: isRead ? "read" : "irreversible",
    ...FREE_TOOL,
    needsConfirmation: !isRead,
    timeoutMs: service.timeoutMs,
    call: (args, context) => callOperation(operation, args, service, context),
    ...(lookup === null
      ? {}
      : {
          lookUp: async (key, context) => {
            const found = await respond(lookup.operation, { [lookup.key]: key }, service, {
              ...context,
              idempotencyKey: null,
            });
            if ("problem" in found) throw new UnknownOutcomeError(found.problem);
            if (found.status === 404) return null;
            // That the question was refused says nothing of the call.
            if (!isGood(found.status))
              throw new UnknownOutcomeError(`the look-up answered HTTP ${found.status}`);
            return findsNothing(found.body) ? null : outcomeOf(found);
          },
        }),
  };
}

/** For whom a request is, no model says: not even where nobody is signed in and the header would stay empty. */
function withoutIdentity(operation: Operation, { identityHeaders }: HttpService): Operation {
  const reserved = Object.values(identityHeaders).map((name) => name.toLowerCase());
  const isReserved = (parameter: Operation["parameters"][number]) =>
    parameter.in === "header" && reserved.includes(parameter.name.toLowerCase());
  const gone = operation.parameters.filter(isReserved).map(({ name }) => name);
  if (gone.length === 0) return operation;
  const { properties, required, ...schema } = operation.schema;
  return {
    ...operation,
    parameters: operation.parameters.filter((parameter) => !isReserved(parameter)),
    schema: {
      ...schema,
      properties: Object.fromEntries(
        Object.entries(properties ?? {}).filter(([name]) => !gone.includes(name)),
      ),
      required: Array.isArray(required) ? required.filter((name) => !gone.includes(String(name))) : [],
    },
  };
}

async function callOperation(
  operation: Operation,
  args: ToolArguments,
  service: HttpService,
  context: ToolCallContext,
): Promise<ToolOutcome> {
  const isRead = context.idempotencyKey === null;
  try {
    const response = await respond(operation, args, service, context);
    if ("problem" in response) return refusedCall(response.problem);
    if (!isRead) refuseUnclear(operation.id, response.status, context.isRepeated === true);
    return outcomeOf(response);
  } catch (error) {
    if (isRead && error instanceof UnknownOutcomeError && !context.signal.aborted) {
      return refusedCall(`${operation.id} failed: ${error.message}`);
    }
    throw error;
  }
}

/** Many systems send the client elsewhere once the work is done; a server that failed half-way may have done it as well. */
const MAY_BE_DONE: readonly number[] = [301, 302, 303, 408];
/** The server did not look at the call, so of an earlier one with the same key this says nothing either. */
const NOT_TAKEN: readonly number[] = [401, 407, 425, 429];
/** To a call with a key that is known: the first one is still at work (IETF draft on the Idempotency-Key header). */
const AT_WORK = 409;

/**
 * @throws {UnknownOutcomeError} when a side effect with this answer may have happened
 * @throws {ProviderError} when nothing happened, and nothing is said of an earlier call with the same key
 */
function refuseUnclear(id: string, status: number, isRepeated: boolean): void {
  const what = `${id} answered HTTP ${status}`;
  const isUnclear = status >= 500 || MAY_BE_DONE.includes(status) || (isRepeated && status === AT_WORK);
  if (isUnclear) throw new UnknownOutcomeError(what);
  if (NOT_TAKEN.includes(status)) {
    throw new ProviderError("PROVIDER_UNAVAILABLE", what, { isRetryable: status === 425 || status === 429 });
  }
}

async function respond(
  operation: Operation,
  args: ToolArguments,
  service: HttpService,
  { identity, idempotencyKey, signal }: ToolCallContext,
): Promise<ReceivedResponse | { readonly problem: string }> {
  const request = operationRequest(operation, args, service.base);
  if ("problem" in request) return request;
  const { tenant, user } = service.identityHeaders;
  const { status, body } = await sendRequest({
    method: operation.method,
    url: request.url,
    headers: {
      ...request.headers,
      ...(service.bearer === null ? {} : { authorization: `Bearer ${service.bearer}` }),
      ...(tenant === undefined ? {} : { [tenant.toLowerCase()]: headerValue(identity.tenantId) }),
      ...(user === undefined || identity.userId === null
        ? {}
        : { [user.toLowerCase()]: headerValue(identity.userId) }),
      ...(idempotencyKey === null ? {} : { "idempotency-key": idempotencyKey }),
    },
    body: request.body,
    maxResponseBytes: service.maxResponseBytes,
    signal,
  });
  // Some servers show in their errors what they were sent.
  const redactor = service.bearer === null ? null : secretRedactor([service.bearer]);
  return { status, body: redactor?.value(body) ?? body };
}

function headerValue(id: string): string {
  return /^[\x21-\x7e]*$/.test(id) ? id : encodeURIComponent(id);
}

function outcomeOf({ status, body }: ReceivedResponse): ToolOutcome {
  if (isGood(status)) return { content: body === "" ? "(done)" : body, isError: false };
  if (status >= 300 && status < 400) return refusedCall(`HTTP ${status}: redirects are not followed`);
  return { content: errorBody(status, body), isError: true };
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

function errorBody(status: number, body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null) return JSON.stringify({ status, ...parsed });
  } catch {
    // A page of HTML says nothing that a model needs.
  }
  return JSON.stringify({ status, error: `HTTP ${status}` });
}
