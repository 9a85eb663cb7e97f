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
  "look lookup list find search show get view retrieve fetch see",
  "transfer handover human person operator",
];

const groupsOf = new Map<string, number[]>();
for (const [index, group] of GROUPS.entries()) {
  for (const word of group.split(" ")) {
    const key = stem(word);
    groupsOf.set(key, [...(groupsOf.get(key) ?? []), index]);
  }
}

const NONE: readonly string[] = [];
const synonymsOf = new Map<string, readonly string[]>();
for (const [key, groups] of groupsOf) {
  const members = groups.flatMap((index) => (GROUPS[index] ?? "").split(" ").map(stem));
  synonymsOf.set(
    key,
    [...new Set(members)].filter((member) => member !== key),
  );
}

/** Stems that mean about the same as `key`, itself left out. */
export function synonyms(key: string): readonly string[] {
  return synonymsOf.get(key) ?? NONE;
}
