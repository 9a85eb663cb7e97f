import { z } from "zod";
import type { ReviewRefusal } from "../../report/review-page/review-view.js";
import type { ReviewSession } from "./review-session.js";

const item = z.string().min(1);
const comment = z.string().max(10_000);
const nothing = z.strictObject({});

/** Body of `POST /api/sign-in`. */
export const signInBody = z.strictObject({ name: z.string(), isSure: z.boolean().default(false) });

/** Bodies of `POST /api/<name>` by which an annotator acts. */
const ACTIONS = {
  label: z.strictObject({ item, value: z.string(), comment: comment.optional() }),
  skip: z.strictObject({ item, comment: comment.optional() }),
  flag: z.strictObject({ item, comment: comment.optional() }),
  comment: z.strictObject({ item, comment }),
  undo: nothing,
  move: z.strictObject({ to: z.enum(["next", "previous"]) }),
} as const;

export type ReviewAction = keyof typeof ACTIONS;

export function isReviewAction(name: string): name is ReviewAction {
  return Object.hasOwn(ACTIONS, name);
}

/** What came of an action: what to tell the annotator, or why nothing was done. */
export type ActionOutcome = { readonly note: string } | { readonly refusal: ReviewRefusal };

/**
 * Does what an annotator asked for; what it writes is written when it returns. An item that is no longer the current one is
 * refused: the same person went on in another window, and the label would land on an item that was not seen.
 *
 * @throws {ZodError} when the body is not what the action wants
 */
export function actOn(session: ReviewSession, action: ReviewAction, body: unknown): ActionOutcome {
  if (action === "undo") {
    ACTIONS.undo.parse(body);
    const undone = session.undo();
    return { note: undone === null ? "Nothing to undo." : `Took back: ${undone.action}.` };
  }
  if (action === "move") {
    const { to } = ACTIONS.move.parse(body);
    const hasMoved = to === "next" ? session.next() : session.previous();
    return { note: hasMoved ? "" : `There is no ${to} item.` };
  }
  const asked: Asked = ACTIONS[action].parse(body);
  const current = session.current();
  if (current?.item !== asked.item) {
    return {
      refusal: {
        error: "Nothing was saved: you went on from this item in another window. Look at the item shown now.",
        reason: "other-item",
      },
    };
  }
  const { value } = asked;
  if (value !== undefined && !current.choices.some((choice) => choice.value === value)) {
    return { refusal: { error: "Nothing was saved: the rubric has no such label." } };
  }
  return { note: decide(session, action, asked) };
}

interface Asked {
  readonly item: string;
  readonly value?: string | undefined;
  readonly comment?: string | undefined;
}

function decide(
  session: ReviewSession,
  action: "label" | "skip" | "flag" | "comment",
  { value = "", comment: said = "" }: Asked,
): string {
  if (action === "flag") {
    session.flag(said);
    return "Flagged.";
  }
  if (said.trim() !== "") session.comment(said);
  if (action === "comment") return "Comment saved.";
  if (action === "skip") session.skip();
  else session.label(value);
  const undo = "u takes it back.";
  return action === "skip" ? `Skipped; ${undo}` : `Saved ${value}; ${undo}`;
}
