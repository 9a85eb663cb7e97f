import { describe, expect, it } from "vitest";
import { stem } from "./stem.js";

describe("stem", () => {
  it.each([
    ["cancel", "cancels", "cancelled", "canceling", "cancellation", "cancellations"],
    ["verify", "verifies", "verified", "verification"],
    ["ship", "ships", "shipped", "shipping", "shipment"],
    ["refund", "refunds", "refunded", "refundable"],
    ["expire", "expires", "expired", "expiring", "expiration"],
    ["eligible", "eligibility"],
    ["day", "days"],
  ])("%s and its forms share one stem", (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it("keeps different words apart, and words with digits whole", () => {
    expect(new Set(["order", "refund", "return", "address", "warranty", "sensor"].map(stem)).size).toBe(6);
    expect(stem("a1042s")).toBe("a1042s");
  });
});
