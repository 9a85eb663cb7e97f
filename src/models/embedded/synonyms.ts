import { stem } from "./stem.js";

/** Words that customers and handbooks use for the same thing. General English; tied to no suite. */
const GROUPS: readonly string[] = [
  "refund reimburse reimbursement repay",
  "cancel abort revoke",
  "ship deliver delivery dispatch send arrive arrival",
  "buy purchase order",
  "phone telephone mobile",
  "login signin sign",
  "password passphrase passcode",
  "remove delete erase wipe",
  "change modify update edit amend alter",
  "cost price fee charge",
  "contact reach call",
  "bill invoice",
  "broken damaged defective faulty",
  "return exchange",
  "employee staff agent representative",
  "customer client buyer shopper",
  "limit maximum cap most",
  "minimum least",
  "period window deadline time",
  "approve approval authorise authorize permission",
  "stolen lost missing",
  "parcel package shipment",
  "warranty guarantee",
  "abroad international overseas foreign",
  "day date",
  "verify confirm check validate",
  "escalate raise",
  "store keep retain retention",
  "allowed permitted eligible",
  "subscription plan membership",
  "discount coupon voucher promo",
  "holiday vacation",
  "status state where track progress",
];

/** Verbs that ask for the same kind of tool. */
const ACTION_GROUPS: readonly string[] = [
  "look lookup list find search show get view retrieve fetch see check track status state where display read",
  "transfer handover human person operator connect",
  "create open raise file submit add make start log",
  "book reserve",
  "refund reimburse reimbursement repay",
  "cancel abort revoke",
  "buy purchase order",
  "remove delete erase wipe close terminate",
  "change modify update edit amend alter set switch correct",
  "return exchange",
  "send mail forward dispatch",
  "calculate compute",
];

const NONE: readonly string[] = [];

function index(groups: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const group of groups) {
    const members = group.split(" ").map(stem);
    for (const key of members) {
      const others = found.get(key) ?? new Set<string>();
      for (const member of members) if (member !== key) others.add(member);
      found.set(key, others);
    }
  }
  return new Map([...found].map(([key, others]) => [key, [...others]]));
}

const topics = index(GROUPS);
const actions = index(ACTION_GROUPS);

/** Stems that mean about the same topic as `key`, itself left out. */
export function synonyms(key: string): readonly string[] {
  return topics.get(key) ?? NONE;
}

/** Stems of verbs that ask for about the same action as `key`, itself left out. */
export function actionSynonyms(key: string): readonly string[] {
  return actions.get(key) ?? NONE;
}
