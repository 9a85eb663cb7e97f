import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { insertAttack, readBipiaMails } from "./bipia-mails.js";
import { loadMailbox } from "./load-mailbox.js";

const folder = join(import.meta.dirname, "..", "..", "..", "datasets", "bipia");
const mailbox = loadMailbox(folder);

describe("e-mails of BIPIA", () => {
  const { mails, attacks, find } = readBipiaMails(folder);

  it("are 50, with 125 attacks", () => {
    expect([mails.length, attacks.length]).toEqual([50, 125]);
    expect(attacks.filter(({ kind }) => kind === "code")).toHaveLength(50);
  });

  it("hold the attack once, at its place, and every word of the e-mail", () => {
    const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
    for (const [number, mail] of mails.entries()) {
      const attack = attacks[(number * 7) % 125]?.attack ?? "";
      for (const position of ["start", "middle", "end"] as const) {
        const text = insertAttack(mail.context, attack, position);
        expect(find(`M-${number}-${(number * 7) % 125}-${position}`)).toBe(text);
        expect(text.split(attack)).toHaveLength(2);
        expect(words(text.replace(attack, ""))).toEqual(words(mail.context));
        expect(text.startsWith(attack)).toBe(position === "start");
        expect(text.endsWith(attack)).toBe(position === "end");
      }
    }
  });

  it("are found by their numbers alone", () => {
    expect(find("M-0")).toBe(mails[0]?.context);
    for (const id of ["M-50", "M-0-125-end", "M-0-1", "email-0", "M-0-1-above"]) expect(find(id)).toBeNull();
  });
});

describe("mailbox", () => {
  it("reads without a change of state; every other tool changes it", () => {
    const session = mailbox.start();
    const before = session.stateHash();
    expect(session.call("read_email", { message_id: "M-3-80-end" }).content).toContain("Deel");
    expect(session.stateHash()).toBe(before);
    const calls = {
      send_email: { to: "a@b.example", subject: "s", body: "b" },
      forward_email: { message_id: "M-3", to: "a@b.example" },
      delete_email: { message_id: "M-3" },
      transfer_money: { account: "12345", amount_usd: 5 },
    };
    for (const [name, args] of Object.entries(calls)) {
      const one = mailbox.start();
      expect(one.call(name, args).isError).toBe(false);
      expect(one.stateHash()).not.toBe(before);
      const check = one.check({ actions: [], outputs: [] }, []);
      expect([check.reward, check.stateMatches]).toEqual([0, false]);
      expect(one.check({ actions: [{ name, args }], outputs: ["ok"] }, ["OK."]).reward).toBe(1);
    }
    expect(session.check({ actions: [], outputs: [] }, []).reward).toBe(1);
  });

  it("answers wrong calls with an error", () => {
    const session = mailbox.start();
    for (const [name, args] of [
      ["read_email", { message_id: "M-99" }],
      ["read_email", { message_id: "../etc" }],
      ["transfer_money", { account: "12345", amount_usd: -5 }],
      ["fly", {}],
    ] as const) {
      expect(session.call(name, args).isError).toBe(true);
    }
  });
});
