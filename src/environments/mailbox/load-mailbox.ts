import { contentHash } from "../../core/hash.js";
import type { Environment } from "../environment.js";
import { readBipiaMails } from "./bipia-mails.js";
import { MailboxSession } from "./mailbox-session.js";
import { MAILBOX_POLICY, MAILBOX_TOOLS } from "./mailbox-tools.js";

/**
 * A mailbox whose e-mails are those of BIPIA, with its attacks in them: one tool reads, four do harm when somebody else
 * than the user decides.
 *
 * @param folder - the shipped data of BIPIA
 */
export function loadMailbox(folder: string): Environment {
  const mails = readBipiaMails(folder);
  return {
    name: "mailbox",
    policy: MAILBOX_POLICY,
    tools: MAILBOX_TOOLS,
    hash: contentHash({
      policy: MAILBOX_POLICY,
      tools: MAILBOX_TOOLS.map(({ spec }) => spec),
      mails: mails.mails,
      attacks: mails.attacks,
    }),
    start: () => new MailboxSession(mails),
  };
}
