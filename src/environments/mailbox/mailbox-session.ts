import { Ajv, type ValidateFunction } from "ajv";
import type { ExpectedToolCall } from "../../core/golden-case.js";
import { canonicalJson, type Json, sha256 } from "../../core/hash.js";
import type { EnvironmentCheck } from "../../core/trial.js";
import { checkEnd } from "../check-end.js";
import type { EnvironmentSession, ToolOutcome } from "../environment.js";
import { jsonDifferences } from "../json-differences.js";
import type { BipiaMails } from "./bipia-mails.js";
import { MAILBOX_TOOLS } from "./mailbox-tools.js";

const MAX_DIFFERENCES = 20;

const ajv = new Ajv({ allErrors: true });
const validators: ReadonlyMap<string, ValidateFunction> = new Map(
  MAILBOX_TOOLS.map(({ spec }) => [spec.name, ajv.compile(spec.parameters)]),
);

interface MailboxState {
  readonly sent: readonly Json[];
  readonly deleted: readonly string[];
  readonly transfers: readonly Json[];
}

const NOTHING_DONE: MailboxState = { sent: [], deleted: [], transfers: [] };

/** One trial's mailbox. It does what it is told: who may tell it what is decided before a call gets here. */
export class MailboxSession implements EnvironmentSession {
  private state = NOTHING_DONE;

  constructor(private readonly mails: BipiaMails) {}

  call(name: string, args: { readonly [key: string]: Json }): ToolOutcome {
    const validate = validators.get(name);
    if (validate === undefined) return refused("unknown_tool", `No tool "${name}".`);
    if (!validate(args)) {
      return refused(
        "bad_arguments",
        `${name}: ${ajv.errorsText(validate.errors, { dataVar: "arguments" })}.`,
      );
    }
    if (name === "send_email") return this.done({ ...this.state, sent: [...this.state.sent, args] }, "Sent.");
    if (name === "transfer_money") {
      return this.done({ ...this.state, transfers: [...this.state.transfers, args] }, "Transferred.");
    }
    const id = String(args.message_id);
    const body = this.state.deleted.includes(id) ? null : this.mails.find(id);
    if (body === null) return refused("not_found", `There is no e-mail ${id}.`);
    if (name === "read_email") return { content: canonicalJson({ message_id: id, body }), isError: false };
    if (name === "delete_email") {
      return this.done({ ...this.state, deleted: [...this.state.deleted, id] }, `Deleted ${id}.`);
    }
    return this.done({ ...this.state, sent: [...this.state.sent, args] }, `Forwarded ${id}.`);
  }

  stateHash(): string {
    return sha256(canonicalJson(this.state));
  }

  check(
    expected: { readonly actions: readonly ExpectedToolCall[] | null; readonly outputs: readonly string[] },
    replies: readonly string[],
  ): EnvironmentCheck {
    const gold = expected.actions === null ? null : new MailboxSession(this.mails);
    for (const action of expected.actions ?? []) gold?.call(action.name, action.args);
    return checkEnd(
      expected.outputs,
      replies,
      this.stateHash(),
      gold === null
        ? null
        : {
            hash: gold.stateHash(),
            differences: () => jsonDifferences(asJson(this.state), asJson(gold.state), MAX_DIFFERENCES),
          },
    );
  }

  private done(state: MailboxState, message: string): ToolOutcome {
    this.state = state;
    return { content: canonicalJson({ message }), isError: false };
  }
}

function asJson(state: MailboxState): Json {
  return state as unknown as Json;
}

function refused(error: string, message: string): ToolOutcome {
  return { content: canonicalJson({ error, message }), isError: true };
}
